package io.varve.engine.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.crash.CrashedFileSystem.Unsynced;
import io.varve.engine.gc.Warnings;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every prefix of the file operations of forgetting and collecting: cut the power there, and find every snapshot
 * that exists whole, none gone that was not forgotten, and the next collection able to go on.
 */
@Tag("long")
class CollectionCrashTest {
    private static final int SIZE = 200_000;

    @TempDir
    Path temp;

    private final Map<SnapshotId, byte[]> contents = new HashMap<>();

    /** From which operation on each snapshot is there for good, and up to which one. */
    private final Map<SnapshotId, Integer> committed = new HashMap<>();

    private final Map<SnapshotId, Integer> forgotten = new HashMap<>();

    private static void collect(Repository repository, long salt) throws IOException {
        Warnings listener = (code, message) -> {
            throw new AssertionError(code + ": " + message);
        };
        try (WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, message -> {})) {
            Collection.run(session, new CollectionOptions(10, 100, false), listener, salt);
        }
    }

    private List<RecordedOperations.Operation> record() throws IOException {
        Path root = temp.resolve("recorded");
        Files.createDirectories(root);
        RecordedOperations recorder = new RecordedOperations(root);
        try (Repository repository =
                Repository.init(new Folder(root, new LocalBackend(root, recorder)), Backups.config())) {
            byte[] content = Backups.content(SIZE, 1);
            Snapshot first = night(repository, recorder, content);
            // Every second block stays, so that packs become thin and are repacked.
            byte[] other = Backups.content(SIZE, 2);
            for (int at = 0; at + Backups.BLOCK <= SIZE; at += 2 * Backups.BLOCK) {
                System.arraycopy(other, at, content, at, Backups.BLOCK);
            }
            night(repository, recorder, content);
            forgotten.put(first.id(), recorder.operations().size());
            new SnapshotShelf(repository.backend()).forget(first);
            collect(repository, 1);
            System.arraycopy(Backups.content(SIZE, 3), 0, content, 0, SIZE / 3);
            night(repository, recorder, content);
            collect(repository, 2);
        }
        return recorder.operations();
    }

    private Snapshot night(Repository repository, RecordedOperations recorder, byte[] content) throws IOException {
        byte[] frozen = content.clone();
        Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", frozen));
        contents.put(snapshot.id(), frozen);
        committed.put(snapshot.id(), recorder.operations().size());
        return snapshot;
    }

    @ParameterizedTest
    @EnumSource(Unsynced.class)
    void everyPrefixLeavesAllSnapshotsWhole(Unsynced unsynced) throws IOException {
        List<RecordedOperations.Operation> operations = record();
        SplittableRandom random = new SplittableRandom(unsynced.name().hashCode());
        int first =
                committed.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
        for (int length = first; length <= operations.size(); length++) {
            Path root = temp.resolve("crashed");
            Files.createDirectories(root);
            new CrashedFileSystem(operations.subList(0, length)).materialize(root, unsynced, random);
            check(root, length, unsynced + ", " + length + " of " + operations.size() + " operations");
            try (var tree = Files.walk(root)) {
                for (Path path :
                        tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void check(Path root, int length, String where) throws IOException {
        try (Repository repository = Repository.open(root)) {
            FsckReport before = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(before.hasErrors() || before.hasWarnings(), () -> where + ": " + before.findings());
            restoreAll(repository, where);
            Set<SnapshotId> there = repository.snapshots().list().snapshots().stream()
                    .map(Snapshot::id)
                    .collect(Collectors.toSet());
            for (Map.Entry<SnapshotId, Integer> commit : committed.entrySet()) {
                boolean kept = forgotten.getOrDefault(commit.getKey(), Integer.MAX_VALUE) >= length;
                if (commit.getValue() <= length && kept) {
                    assertTrue(there.contains(commit.getKey()), where + ": " + commit.getKey() + " is gone");
                }
            }
            collect(repository, 3);
            collect(repository, 4);
            restoreAll(repository, where + ", collected twice");
            FsckReport after = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(after.hasErrors() || after.hasWarnings(), () -> where + ", collected: " + after.findings());
        }
    }

    private void restoreAll(Repository repository, String where) throws IOException {
        for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
            byte[] expected = contents.get(snapshot.id());
            byte[] found =
                    Backups.restore(repository, snapshot.manifest().disks().get(0));
            assertArrayEquals(expected, found, where + ", " + snapshot.id());
        }
    }
}
