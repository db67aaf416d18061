package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotShelf;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SnapshotIdsDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "unprotect", mixinStandardHelpOptions = true, description = "Allow snapshots to be forgotten again.")
@Prints(SnapshotIdsDocument.class)
public final class UnprotectCommand extends RepositoryOptions {
    @Parameters(arity = "1..*", paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private List<String> references;

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        SnapshotCatalog.Listing listing = list(repository, output);
        SnapshotShelf shelf = repository.shelf();
        List<String> done = new ArrayList<>();
        output.document(() -> new SnapshotIdsDocument(done));
        for (String reference : references) {
            Snapshot snapshot = SnapshotReference.resolve(reference, listing);
            shelf.unprotect(snapshot.id());
            done.add(snapshot.id().text());
            output.line("unprotected %s", snapshot.id());
        }
    }
}
