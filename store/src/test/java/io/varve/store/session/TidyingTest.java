package io.varve.store.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ProcessLock;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who tidies up after crashed sessions works from a list that may be older than what is there. A writer whose lock file
 * is taken away between its being made and its being locked sees that by the name being gone, and takes another one; so
 * whoever tidies up must never make a file of that name again.
 */
class TidyingTest {
    private static final String ID = "0b7e8d52-5b5c-4c0e-8a63-7d1b0a0f3c11";

    @TempDir
    Path directory;

    private Repository repository() throws IOException {
        Path root = directory.resolve("repository");
        return Repository.init(root, new RepositoryConfig(UUID.randomUUID(), 65536, 1 << 20, Instant.now()));
    }

    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createSymbolicLink(file, target);
        } catch (FileSystemException | UnsupportedOperationException e) {
            Assumptions.abort("no symbolic links here: " + e.getMessage());
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

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** Names that were made in a directory meanwhile, also those that are gone again. */
    private static Set<String> madeIn(Path watched, Action action) throws IOException, InterruptedException {
        Set<String> made = new TreeSet<>();
        try (WatchService watch = watched.getFileSystem().newWatchService()) {
            watched.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            action.run();
            Files.createFile(watched.resolve("end"));
            while (!made.contains("end")) {
                WatchKey key = watch.poll(30, TimeUnit.SECONDS);
                assertNotNull(key, "the end was not seen");
                for (WatchEvent<?> event : key.pollEvents()) {
                    made.add(String.valueOf(event.context()));
                }
                key.reset();
            }
        }
        made.remove("end");
        return made;
    }

    @Test
    void clearingRecordsMakesNoLockAndStillClearsThem() throws IOException, InterruptedException {
        try (Repository repository = repository()) {
            Path record = Path.of(repository.location()).resolve("sessions/" + ID + ".json");
            Files.writeString(record, "{}");
            List<String> notices = new ArrayList<>();
            Set<String> made = madeIn(
                    Path.of(repository.location()).resolve("sessions"),
                    () -> Sessions.clearCrashed(repository, notices::add));
            assertFalse(made.contains(ID + ".lock"), "made again: " + made);
            assertFalse(Files.exists(record));
            assertEquals(1, notices.size());
        }
    }

    @Test
    void clearingWhatIsUnpublishedMakesNoLockAndStillClearsIt() throws IOException, InterruptedException {
        try (Repository repository = repository()) {
            Path staging = Path.of(repository.location()).resolve("tmp").resolve(ID);
            Files.createDirectories(staging);
            Files.writeString(staging.resolve(ID), "lost");
            try (LocalBackend backend = new LocalBackend(Path.of(repository.location()))) {
                assertEquals(Set.of(), madeIn(staging.getParent(), backend::deleteUnpublished), "made again");
            }
            assertFalse(Files.exists(staging));
        }
    }

    /** A lock that is a link is nobody's, and who opens it opens a file somewhere else. */
    @Test
    void aLockThatIsALinkIsRefusedAndNotFollowed() throws IOException {
        try (Repository repository = repository()) {
            Path target = directory.resolve("target");
            link(Path.of(repository.location()).resolve("sessions/" + ID + ".lock"), target);
            assertThrows(CorruptDataException.class, () -> Sessions.clearCrashed(repository, notice -> {}));
            assertFalse(Files.exists(target), "made by following the link");
            Files.writeString(target, "somebody's file");
            assertThrows(CorruptDataException.class, () -> Sessions.clearCrashed(repository, notice -> {}));
            assertEquals("somebody's file", Files.readString(target));
        }
    }

    /**
     * What lies in {@code tmp/} and was not made there by a writer is not ours to delete, behind links least of all.
     */
    @Test
    void clearingNeverLeavesTheDirectory() throws IOException {
        try (Repository repository = repository()) {
            Path victim = directory.resolve("victim");
            Files.createDirectories(victim.resolve("sub"));
            Files.writeString(victim.resolve("sub/" + ID), "dear to somebody");
            Files.writeString(victim.resolve(ID), "dear to somebody");
            Path tmp = Files.createDirectories(Path.of(repository.location()).resolve("tmp"));
            link(tmp.resolve("x"), victim);
            link(tmp.resolve(ID), victim);
            Path staging = Files.createDirectories(tmp.resolve(ID.replace('0', '1')));
            link(staging.resolve(ID), victim);
            link(staging.resolve(ID.replace('0', '2')), victim.resolve(ID));
            Files.writeString(tmp.resolve("note.txt"), "an operator's");
            try (LocalBackend backend = new LocalBackend(Path.of(repository.location()))) {
                backend.deleteUnpublished();
            }
            assertTrue(Files.exists(victim.resolve("sub/" + ID)));
            assertTrue(Files.exists(victim.resolve(ID)));
            assertTrue(Files.exists(tmp.resolve("note.txt")));
        }
    }

    @Test
    void theLivingAreLeftAlone() throws IOException {
        try (Repository repository = repository();
                Sessions.Registration registration = Sessions.register(repository, "test", java.util.Set.of())) {
            Sessions.clearCrashed(repository, notice -> {});
            Path lock = Path.of(repository.location())
                    .resolve(registration.entry().name().replace(".json", ".lock"));
            assertTrue(Files.exists(lock));
            assertTrue(ProcessLock.isHeld(lock));
            assertEquals(1, Sessions.living(repository).size());
        }
    }
}
