package io.varve.engine.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command says of its outcome is true, whichever operation on the file system fails, before or after it took
 * effect: done, not done, or unknown. And it says where.
 */
class OutcomeTest {
    @TempDir
    Path temp;

    /** What may change, as one can see it afterwards. */
    @FunctionalInterface
    private interface State {
        Object of(Repository repository) throws IOException;
    }

    @FunctionalInterface
    private interface Change {
        void on(Repository repository) throws IOException;
    }

    private int unknown;
    private int failed;
    private final TreeSet<String> silent = new TreeSet<>();

    @Test
    void backup() throws IOException {
        walk(
                repository -> Backups.backUp(repository, Backups.disk("disk", Backups.content(40_000, 2))),
                repository -> repository.snapshots().list().snapshots().size());
        assertTrue(unknown > 0 && failed > 10, unknown + " unknown, " + failed + " failed");
    }

    @Test
    void forget() throws IOException {
        walk(
                repository -> repository.shelf().forget(first(repository)),
                repository -> repository.snapshots().list().snapshots().size());
        assertTrue(unknown > 0 && failed > 5, unknown + " unknown, " + failed + " failed");
    }

    @Test
    void protect() throws IOException {
        walk(
                repository -> repository.shelf().protect(first(repository).id()),
                repository -> repository.shelf().allProtected());
        assertTrue(unknown > 0 && failed > 2, unknown + " unknown, " + failed + " failed");
    }

    @Test
    void keyAdd() throws IOException {
        walk(
                repository -> {
                    try (Credential added = Credential.passphrase("second".toCharArray())) {
                        repository.keyRing().add(repository.keys().orElseThrow(), added, "second", new Argon2(8, 1, 1));
                    }
                },
                repository -> repository.keyRing().list().keys().size());
        assertTrue(failed > 2, unknown + " unknown, " + failed + " failed");
    }

    private static Snapshot first(Repository repository) throws IOException {
        return repository.snapshots().list().snapshots().get(0);
    }

    private void walk(Change change, State state) throws IOException {
        Path original = temp.resolve("original");
        try (Credential key = Credential.passphrase("first".toCharArray());
                Repository repository = Repository.initEncrypted(
                        new Folder(original),
                        new RepositoryConfig(UUID.randomUUID(), Backups.BLOCK, 64 << 10, Instant.now(), true),
                        key,
                        "first",
                        new Argon2(8, 1, 1))) {
            Backups.backUp(repository, Backups.disk("disk", Backups.content(40_000, 1)));
        }
        int count = run(original, -1, false, change, state);
        for (boolean afterwards : new boolean[] {false, true}) {
            for (int operation = 0; operation < count; operation++) {
                run(original, operation, afterwards, change, state);
            }
        }
        assertEquals(List.of(), List.copyOf(silent), "failures that do not say where");
    }

    private int run(Path original, int failing, boolean afterwards, Change change, State state) throws IOException {
        Path root = temp.resolve("copy-" + failing + afterwards);
        copy(original, root);
        FailingOperations operations = new FailingOperations(failing, afterwards);
        String where = "operation " + failing + (afterwards ? ", done" : ", not done");
        Object before = look(root, state);
        IOException failure = null;
        try (Repository repository = unlocked(Repository.open(new Folder(root, new LocalBackend(root, operations))))) {
            change.on(repository);
        } catch (IOException e) {
            failure = e;
        }
        where += ": " + operations.failed() + " -> " + failure;
        Object after = look(root, state);
        if (failure instanceof UnknownOutcomeException) {
            unknown++;
        } else if (failure == null) {
            assertTrue(!after.equals(before), where);
        } else if (after.equals(before)) {
            failed++;
        } else {
            // Only closing may fail once it is done, and the caller knows that.
            assertTrue(
                    operations.failed().contains("/tmp") || operations.failed().contains("sessions"), where);
        }
        if (failure != null && !failure.getMessage().contains(root.toString())) {
            silent.add(where);
        }
        try (Repository repository = unlocked(Repository.open(root))) {
            assertFalse(Backups.fsck(repository, FsckOptions.Level.STRUCTURE).hasErrors(), where);
        }
        delete(root);
        return operations.count();
    }

    private static Object look(Path root, State state) throws IOException {
        try (Repository repository = unlocked(Repository.open(root))) {
            return state.of(repository);
        }
    }

    private static Repository unlocked(Repository repository) throws IOException {
        try (Credential key = Credential.passphrase("first".toCharArray())) {
            repository.unlock(key);
        }
        return repository;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
