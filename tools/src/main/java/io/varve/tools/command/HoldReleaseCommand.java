package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.tools.document.HoldIdsDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = "Release holds, so that retention and gc apply to their machines again.")
@Prints(HoldIdsDocument.class)
final class HoldReleaseCommand extends RepositoryOptions {
    @Parameters(arity = "1..*", paramLabel = "HOLD", description = "Id of the hold, shown by 'varve hold list'.")
    private List<String> ids;

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        List<String> released = new ArrayList<>();
        output.document(() -> new HoldIdsDocument(released));
        for (String id : ids) {
            try {
                repository.holds().release(id);
            } catch (NoSuchFileException e) {
                throw new UsageException("no hold '" + id + "'; 'varve hold list' lists them");
            }
            released.add(id);
            output.line("released %s", id);
        }
    }
}
