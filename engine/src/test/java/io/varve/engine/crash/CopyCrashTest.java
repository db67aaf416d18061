package io.varve.engine.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.crash.CrashedFileSystem.Unsynced;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every prefix of the file operations of a copy out of an encrypted repository into a plain one: cut the power
 * there, find the target clean and what was committed whole, and let the copy go on to the same end.
 */
@Tag("long")
class CopyCrashTest {
    private static final int SIZE = 200_000;

    @TempDir
    Path temp;

    private static final SnapshotCopy.Listener QUIET = new SnapshotCopy.Listener() {
        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void check() {}
    };

    @ParameterizedTest
    @EnumSource(Unsynced.class)
    void everyPrefixLeavesACleanTargetThatTheCopyGoesOnIn(Unsynced unsynced) throws IOException {
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), Backups.BLOCK, 64 << 10, Instant.now(), true);
        try (Repository from = Repository.initEncrypted(
                new Folder(temp.resolve("from")),
                config,
                Credential.newKeyFile(temp.resolve("key")),
                "k",
                new Argon2(64, 1, 1))) {
            byte[] first = Backups.content(SIZE, 1);
            Backups.backUp(from, Backups.disk("disk", first));
            byte[] second = first.clone();
            System.arraycopy(Backups.content(SIZE, 2), 0, second, 0, SIZE / 3);
            Backups.backUp(from, Backups.disk("disk", second));
            Path root = temp.resolve("recorded");
            Files.createDirectories(root);
            RecordedOperations recorder = new RecordedOperations(root);
            Map<Integer, byte[]> commits = new TreeMap<>();
            try (Repository to =
                    Repository.init(new Folder(root, new LocalBackend(root, recorder)), Backups.config())) {
                List<Snapshot> snapshots = from.snapshots().list().snapshots();
                copy(from, to, snapshots.subList(0, 1));
                commits.put(recorder.operations().size(), first);
                copy(from, to, snapshots);
                commits.put(recorder.operations().size(), second);
            }
            SplittableRandom random = new SplittableRandom(unsynced.name().hashCode());
            int opened = 0;
            for (int length = 0; length <= recorder.operations().size(); length++) {
                Path crashed = temp.resolve("crashed");
                Files.createDirectories(crashed);
                new CrashedFileSystem(recorder.operations().subList(0, length)).materialize(crashed, unsynced, random);
                int prefix = length;
                long committed =
                        commits.keySet().stream().filter(at -> at <= prefix).count();
                String where = unsynced + ", " + length + " of "
                        + recorder.operations().size() + " operations";
                opened += check(from, crashed, committed, List.of(first, second), where) ? 1 : 0;
                delete(crashed);
            }
            assertTrue(opened > recorder.operations().size() / 2, "opened: " + opened);
        }
    }

    private static void copy(Repository from, Repository to, List<Snapshot> snapshots) throws IOException {
        try (ReadSession reading = ReadSession.open(from, notice -> {});
                WriteSession writing = WriteSession.open(to, "copy", Duration.ZERO, notice -> {})) {
            SnapshotCopy copy = new SnapshotCopy(reading, writing, QUIET);
            for (Snapshot snapshot : snapshots) {
                copy.copy(snapshot);
            }
        }
    }

    private static boolean check(Repository from, Path root, long committed, List<byte[]> contents, String where)
            throws IOException {
        Repository opened;
        try {
            opened = Repository.open(root);
        } catch (NotARepositoryException e) {
            assertEquals(0, committed, where);
            return false;
        }
        try (Repository to = opened) {
            FsckReport before = Backups.fsck(to, FsckOptions.Level.DEEP);
            assertFalse(before.hasErrors() || before.hasWarnings(), () -> where + ": " + before.findings());
            assertTrue(to.snapshots().list().snapshots().size() >= committed, where + ": a committed copy is gone");
            assertRestores(to, contents, where);
            copy(from, to, from.snapshots().list().snapshots());
            assertEquals(contents.size(), to.snapshots().list().snapshots().size(), where);
            assertRestores(to, contents, where);
            assertEquals(List.of(), Backups.fsck(to, FsckOptions.Level.DEEP).findings(), where);
            return true;
        }
    }

    private static void assertRestores(Repository to, List<byte[]> contents, String where) throws IOException {
        List<Snapshot> snapshots = to.snapshots().list().snapshots();
        for (int i = 0; i < snapshots.size(); i++) {
            byte[] found =
                    Backups.restore(to, snapshots.get(i).manifest().disks().get(0));
            assertArrayEquals(contents.get(i), found, where);
        }
    }

    private static void delete(Path root) throws IOException {
        try (var tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
