package io.varve.store.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.coordination.RepositoryBusyException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who reads everything, as fsck does, finds every pack where it was listed: repair, which moves packs away, waits for
 * it, and it for repair. Backups go on.
 */
class HoldTest {
    @TempDir
    Path directory;

    private Repository repository() throws IOException {
        return Repository.init(
                directory.resolve("repository"),
                new RepositoryConfig(UUID.randomUUID(), 65536, 1 << 20, Instant.now()));
    }

    private static Closeable hold(Repository repository) throws IOException {
        return Sessions.hold(repository, "fsck", Duration.ZERO, notice -> {});
    }

    private static WriteSession alone(Repository repository) throws IOException {
        return WriteSession.openAlone(repository, "repair", Duration.ZERO, notice -> {});
    }

    @Test
    void whoMovesPacksWaitsForWhoReadsThem() throws IOException {
        try (Repository repository = repository()) {
            try (Closeable held = hold(repository)) {
                RepositoryBusyException busy = assertThrows(RepositoryBusyException.class, () -> alone(repository));
                assertTrue(busy.getMessage().contains("fsck"), busy.getMessage());
                WriteSession.open(repository, "backup", Duration.ZERO, notice -> {})
                        .close();
                assertEquals(1, Sessions.living(repository).size(), held.toString());
            }
            alone(repository).close();
        }
    }

    @Test
    void whoReadsThemWaitsForWhoMovesThem() throws IOException {
        try (Repository repository = repository()) {
            try (WriteSession repair = alone(repository)) {
                assertThrows(RepositoryBusyException.class, () -> hold(repair.repository()));
            }
            hold(repository).close();
            assertEquals(0, Sessions.living(repository).size());
        }
    }
}
