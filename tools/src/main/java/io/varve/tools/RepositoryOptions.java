package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.snapshot.SnapshotCatalog;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command that works on a repository has in common. */
abstract class RepositoryOptions extends CommonOptions {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "DIR",
            defaultValue = "${env:VARVE_REPO}",
            description = "The repository; VARVE_REPO if not given.")
    private Path repository;

    Path repositoryPath() throws UsageException {
        if (repository == null || repository.toString().isEmpty()) {
            throw new UsageException("no repository given: use -r DIR, or set VARVE_REPO");
        }
        return repository.toAbsolutePath().normalize();
    }

    @Override
    void run(Output output, Cancellation cancellation) throws IOException {
        try (Repository open = Repository.open(repositoryPath())) {
            run(open, output, cancellation);
        }
    }

    abstract void run(Repository open, Output output, Cancellation cancellation) throws IOException;

    /** The snapshots; what is damaged becomes a warning. */
    static SnapshotCatalog.Listing list(Repository repository, Output output) throws IOException {
        SnapshotCatalog.Listing listing = repository.snapshots().list();
        listing.damaged().forEach(e -> output.warning("unreadable manifest: " + e.getMessage()));
        return listing;
    }
}
