package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.tools.document.KeyRemovedDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = "Remove a key, but never the last one. Needs one of the other keys.")
@Prints(KeyRemovedDocument.class)
final class KeyRemoveCommand extends RepositoryOptions {
    @Parameters(paramLabel = "ID", description = "Id of the key, shown by 'varve key list'.")
    private String id;

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        requireEncrypted(repository);
        if (id.equals(openedWith())) {
            throw new UsageException("key " + id + " is in use: open the repository with another key to remove it");
        }
        try {
            repository.keyRing(output::notice).remove(id);
        } catch (NoSuchFileException e) {
            throw new UsageException("no key " + id + "; 'varve key list' shows the keys");
        }
        output.line("removed key %s", id);
        output.document(() -> new KeyRemovedDocument(id));
    }
}
