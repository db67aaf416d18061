package io.varve.store.export;

import io.varve.store.Location;
import io.varve.store.backend.Backend;
import io.varve.store.coordination.Coordination;
import io.varve.store.coordination.NobodyAtWork;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.home.LocalHome;
import java.nio.file.Path;
import java.util.UUID;

/**
 * An export as the location of a repository that is only read.
 *
 * @param backend the members of the export
 * @param scratch directory for the index
 */
record ExportLocation(Backend backend, Path scratch) implements Location {
    @Override
    public Coordination coordination() {
        return new NobodyAtWork(backend.location());
    }

    @Override
    public LocalHome home(UUID repositoryId) {
        return LocalHome.onThisComputer(repositoryId, scratch);
    }

    @Override
    public void prepare() throws NotARepositoryException {
        throw new NotARepositoryException(backend.location() + ": an export holds one repository and is never changed");
    }
}
