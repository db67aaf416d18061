package io.varve.store.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ProcessLock;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who tidies up after crashed sessions works from a list that may be older than what is there. A writer whose lock file
 * is taken away between its being made and its being locked sees that by the name being gone, and takes another one; so
 * whoever tidies up must never make a file of that name again. What a list names that is gone meanwhile is played here
 * by a symbolic link that leads nowhere.
 */
class TidyingTest {
    private static final String ID = "0b7e8d52-5b5c-4c0e-8a63-7d1b0a0f3c11";

    @TempDir
    Path directory;

    private Path gone;

    private Repository repository() throws IOException {
        Path root = directory.resolve("repository");
        gone = directory.resolve("gone");
        return Repository.init(root, new RepositoryConfig(UUID.randomUUID(), 65536, 1 << 20, Instant.now()));
    }

    private Path listedAndGone(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try {
            return Files.createSymbolicLink(file, gone);
        } catch (FileSystemException | UnsupportedOperationException e) {
            return Assumptions.abort("no symbolic links here: " + e.getMessage());
        }
    }

    @Test
    void aFileThatIsNotThereIsNotMade() throws IOException {
        Path file = directory.resolve("sub").resolve(ID + ProcessLock.SUFFIX);
        assertNull(ProcessLock.tryExclusiveIfThere(file));
        assertFalse(Files.exists(file.getParent()));
        Files.createDirectories(file.getParent());
        assertNull(ProcessLock.tryExclusiveIfThere(file));
        assertFalse(Files.exists(file));
    }

    @Test
    void clearingLocksOfSessionsMakesNone() throws IOException {
        try (Repository repository = repository()) {
            listedAndGone(repository.root().resolve("sessions/" + ID + ".lock"));
            Sessions.clearCrashed(repository, notice -> {});
            assertFalse(Files.exists(gone), "made again");
        }
    }

    @Test
    void clearingRecordsMakesNoLockAndStillClearsThem() throws IOException {
        try (Repository repository = repository()) {
            Path record = repository.root().resolve("sessions/" + ID + ".json");
            listedAndGone(repository.root().resolve("sessions/" + ID + ".lock"));
            Files.writeString(record, "{}");
            List<String> notices = new ArrayList<>();
            Sessions.clearCrashed(repository, notices::add);
            assertFalse(Files.exists(gone), "made again");
            assertFalse(Files.exists(record));
            assertEquals(1, notices.size());
        }
    }

    @Test
    void clearingWhatIsUnpublishedMakesNoLockAndStillClearsIt() throws IOException {
        try (Repository repository = repository()) {
            Path staging = repository.root().resolve("tmp").resolve(ID);
            listedAndGone(staging.resolveSibling(ID + ".lock"));
            Files.createDirectories(staging);
            Files.writeString(staging.resolve("1"), "lost");
            try (LocalBackend backend = new LocalBackend(repository.root())) {
                backend.deleteUnpublished();
            }
            assertFalse(Files.exists(gone), "made again");
            assertFalse(Files.exists(staging));
        }
    }

    @Test
    void theLivingAreLeftAlone() throws IOException {
        try (Repository repository = repository();
                Sessions.Registration registration = Sessions.register(repository, "test", java.util.Set.of())) {
            Sessions.clearCrashed(repository, notice -> {});
            Path lock = repository.root().resolve(registration.entry().name().replace(".json", ".lock"));
            assertTrue(Files.exists(lock));
            assertTrue(ProcessLock.isHeld(lock));
            assertEquals(1, Sessions.living(repository).size());
        }
    }
}
