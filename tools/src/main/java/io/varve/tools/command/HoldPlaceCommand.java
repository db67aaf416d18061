package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.store.hold.Hold;
import io.varve.tools.document.HoldDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "place",
        mixinStandardHelpOptions = true,
        description = "Keep all snapshots of a machine until the hold is released.")
@Prints(HoldDocument.class)
final class HoldPlaceCommand extends RepositoryOptions {
    @Parameters(paramLabel = "MACHINE", description = "Machine whose snapshots to keep.")
    private String machine;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Reason, shown by 'varve hold list'.")
    private String reason;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        boolean isKnown = list(repository, output).snapshots().stream()
                .anyMatch(snapshot -> snapshot.manifest().machine().equals(machine));
        if (!isKnown) {
            throw new UsageException("no snapshots of machine '" + machine + "'; 'varve snapshots' lists them");
        }
        Hold hold = repository
                .holds()
                .place(machine, Optional.empty(), "operator", reason, Optional.empty(), HostName.get(), Instant.now());
        output.line("hold %s on machine %s", hold.id(), machine);
        output.document(() -> new HoldDocument(hold.id()));
    }
}
