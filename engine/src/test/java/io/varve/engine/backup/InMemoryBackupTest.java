package io.varve.engine.backup;

import io.varve.store.Location;
import io.varve.store.MemoryLocation;

/** Backups, restores and checks of a repository that is in no folder. */
class InMemoryBackupTest extends BackupTest {
    @Override
    Location location() {
        return new MemoryLocation(root);
    }
}
