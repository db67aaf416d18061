package io.varve.store;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.coordination.MemoryCoordination;
import io.varve.store.home.LocalHome;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A repository's location without a folder: objects and coordination in memory. Only the index, which RocksDB keeps, is
 * on disk, in this computer's home for the repository.
 *
 * @param scratch where the index goes
 */
public record MemoryLocation(MemoryBackend backend, MemoryCoordination coordination, Path scratch) implements Location {
    public MemoryLocation(Path scratch) {
        this(new MemoryBackend(), new MemoryCoordination(), scratch);
    }

    @Override
    public LocalHome home(UUID repositoryId) {
        return LocalHome.onThisComputer(repositoryId, scratch);
    }

    @Override
    public void prepare() {
        // A map has room for everybody.
    }
}
