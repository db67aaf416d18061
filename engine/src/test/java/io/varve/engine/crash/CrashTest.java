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
import io.varve.store.check.Finding;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For prefixes of the file operations of a repository's first three backups: cut the power there, open what is left,
 * and find it clean, with every committed snapshot equal, and ready for the next backup. A sample of the prefixes,
 * another one each time; {@link EveryCrashTest} tries them all.
 */
class CrashTest {
    private static final int DISK_SIZE = 300 * 1024 + 100;

    @TempDir
    Path temp;

    /** Of the prefixes, every so manieth is tried. */
    int stride() {
        return 10;
    }

    private record Recording(List<RecordedOperations.Operation> operations, Map<Integer, byte[]> commits) {}

    /**
     * Backs up three nights. @return the operations, and how many had been done when each snapshot was there for good
     */
    private Recording record(RepositoryConfig config) throws IOException {
        Path root = temp.resolve("recorded");
        Files.createDirectories(root);
        RecordedOperations recorder = new RecordedOperations(root);
        Map<Integer, byte[]> commits = new TreeMap<>();
        try (Repository repository = Repository.init(new Folder(root, new LocalBackend(root, recorder)), config)) {
            byte[] content = Backups.content(DISK_SIZE, 1);
            for (int night = 0; night < 3; night++) {
                byte[] frozen = content.clone();
                Backups.backUp(repository, Backups.disk("disk", frozen));
                commits.put(recorder.operations().size(), frozen);
                byte[] other = Backups.content(DISK_SIZE, 2 + night);
                System.arraycopy(other, 50_000 * night, content, 50_000 * night, 60_000);
            }
        }
        return new Recording(recorder.operations(), commits);
    }

    @ParameterizedTest
    @EnumSource(Unsynced.class)
    void anyPrefixOfTheOperationsLeavesACleanRepository(Unsynced unsynced) throws IOException {
        prefixesLeaveACleanRepository(unsynced, Backups.config());
    }

    /** A pack may be without its parity then, which is said, and no more than that. */
    @Test
    void alsoOneWithParity() throws IOException {
        UUID id = UUID.randomUUID();
        prefixesLeaveACleanRepository(
                Unsynced.TORN, new RepositoryConfig(id, Backups.BLOCK, 64 << 10, Instant.now(), false, id, 10));
    }

    private void prefixesLeaveACleanRepository(Unsynced unsynced, RepositoryConfig config) throws IOException {
        Recording recording = record(config);
        SplittableRandom random = new SplittableRandom(unsynced.name().hashCode());
        int opened = 0;
        int stride = stride();
        int first = (int) (System.nanoTime() % stride);
        for (int length = first; length <= recording.operations.size(); length += stride) {
            Path root = temp.resolve("crashed");
            Files.createDirectories(root);
            new CrashedFileSystem(recording.operations.subList(0, length)).materialize(root, unsynced, random);
            List<byte[]> committed = new ArrayList<>();
            for (Map.Entry<Integer, byte[]> commit : recording.commits.entrySet()) {
                if (commit.getKey() <= length) {
                    committed.add(commit.getValue());
                }
            }
            opened += check(root, committed, unsynced + ", " + length + " operations") ? 1 : 0;
            delete(root);
        }
        assertTrue(
                opened > recording.operations.size() / 2 / stride, "most prefixes lie behind init, opened: " + opened);
    }

    private static boolean check(Path root, List<byte[]> committed, String where) throws IOException {
        Repository repository;
        try {
            repository = Repository.open(root);
        } catch (NotARepositoryException e) {
            assertTrue(committed.isEmpty(), where + ": repository.json lost after a commit");
            return false;
        }
        try (repository) {
            FsckReport before = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(before.hasErrors(), () -> where + ": " + before.findings());
            assertFalse(before.hasWarnings(), () -> where + ": " + before.findings());
            List<Snapshot> snapshots = repository.snapshots().list().snapshots();
            assertTrue(snapshots.size() >= committed.size(), where + ": a committed snapshot is gone");
            for (int i = 0; i < committed.size(); i++) {
                assertArrayEquals(
                        committed.get(i),
                        Backups.restore(
                                repository, snapshots.get(i).manifest().disks().get(0)),
                        where);
            }
            byte[] next = Backups.content(DISK_SIZE, 99);
            Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", next));
            Backups.assertRestores(repository, snapshot, next);
            FsckReport after = Backups.fsck(repository, FsckOptions.Level.DEEP);
            List<String> findings = after.findings().stream()
                    .map(Finding::code)
                    .filter(code -> !code.equals("parity-missing"))
                    .toList();
            assertEquals(List.of(), findings, where + ", after the next backup");
            return true;
        }
    }

    /** The test above would pass if syncing did nothing to the model; so it must be able to fail. */
    @Test
    void theModelLosesWhatWasNotSynced() throws IOException {
        Path root = temp.resolve("model");
        Files.createDirectories(root.resolve("tmp"));
        RecordedOperations recorder = new RecordedOperations(root);
        try (var file = recorder.create(root.resolve("tmp/a"))) {
            file.append(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        recorder.publish(root.resolve("tmp/a"), root.resolve("b"));
        Path lost = temp.resolve("lost");
        new CrashedFileSystem(recorder.operations()).materialize(lost, Unsynced.LOST, new SplittableRandom(1));
        assertFalse(Files.exists(lost.resolve("b")));
        recorder.syncDirectory(root);
        Path empty = temp.resolve("empty");
        new CrashedFileSystem(recorder.operations()).materialize(empty, Unsynced.LOST, new SplittableRandom(1));
        assertEquals(0, Files.size(empty.resolve("b")));
        Path kept = temp.resolve("kept");
        new CrashedFileSystem(recorder.operations()).materialize(kept, Unsynced.KEPT, new SplittableRandom(1));
        assertEquals(3, Files.size(kept.resolve("b")));
    }

    private static void delete(Path root) throws IOException {
        try (var tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
