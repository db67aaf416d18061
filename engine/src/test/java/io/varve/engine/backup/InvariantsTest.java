package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.FileOperations;
import io.varve.store.backend.HostFileOperations;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.Finding;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.index.ChunkIndex;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.session.IndexMaintenance;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The invariants of {@code docs/design.md}, by number and name. */
class InvariantsTest {
    private static final int SIZE = 400 * 1024 + 77;

    @TempDir
    Path root;

    private final byte[] first = Backups.content(SIZE, 1);
    private final byte[] second = changed(first, 50_000, 30_000, 2);

    private static byte[] changed(byte[] content, int offset, int length, long seed) {
        byte[] changed = content.clone();
        System.arraycopy(Backups.content(length, seed), 0, changed, offset, length);
        return changed;
    }

    private Snapshot backUp(Repository repository, byte[] content) throws IOException {
        return Backups.backUp(repository, Backups.disk("disk", content));
    }

    private Snapshot backUp(Repository repository, byte[] content, ChangeTracker tracker) throws IOException {
        return Backups.backUp(repository, Backups.disk("disk", new MemoryDisk(content, null), tracker));
    }

    private static DiskRecord disk(Snapshot snapshot) {
        return snapshot.manifest().disks().get(0);
    }

    private List<Path> files(String... directories) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String directory : directories) {
            try (var tree = Files.walk(root.resolve(directory))) {
                files.addAll(tree.filter(Files::isRegularFile).sorted().toList());
            }
        }
        return files;
    }

    private void delete(String directory) throws IOException {
        for (Path file : files(directory)) {
            Files.delete(file);
        }
    }

    /**
     * Watches the file system: what is durable, that is, synced, named, and the name's directory synced. Fails on
     * demand.
     */
    private static final class Watch implements FileOperations {
        private final HostFileOperations host = new HostFileOperations();
        private final Set<Path> synced = new HashSet<>();
        private final Set<Path> named = new HashSet<>();
        private final Set<Path> durable = new HashSet<>();
        private final List<Set<Path>> durableAtManifest = new ArrayList<>();
        private boolean failManifests;

        @Override
        public void createDirectory(Path directory) throws IOException {
            host.createDirectory(directory);
        }

        @Override
        public WritableFile create(Path file) throws IOException {
            WritableFile writable = host.create(file);
            return new WritableFile() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    forget(file);
                    writable.append(bytes);
                }

                @Override
                public void sync() throws IOException {
                    writable.sync();
                    remember(file);
                }

                @Override
                public void close() throws IOException {
                    writable.close();
                }
            };
        }

        private synchronized void forget(Path file) {
            synced.remove(file);
        }

        private synchronized void remember(Path file) {
            synced.add(file);
        }

        @Override
        public synchronized void publish(Path staged, Path name) throws IOException {
            if (name.getParent().endsWith("snapshots")) {
                if (failManifests) {
                    throw new IOException("no manifest tonight");
                }
                durableAtManifest.add(Set.copyOf(durable));
            }
            host.publish(staged, name);
            if (synced.remove(staged)) {
                named.add(name);
            }
        }

        @Override
        public void link(Path file, Path name) throws IOException {
            host.link(file, name);
        }

        @Override
        public void delete(Path file) throws IOException {
            host.delete(file);
        }

        @Override
        public synchronized void syncDirectory(Path directory) throws IOException {
            host.syncDirectory(directory);
            named.stream().filter(name -> name.getParent().equals(directory)).forEach(durable::add);
        }
    }

    @Test
    void invariant1AManifestReferencesOnlyChunksInDurablePacks() throws IOException {
        Watch watch = new Watch();
        try (Repository repository =
                Repository.init(new Folder(root, new LocalBackend(root, watch)), Backups.config())) {
            for (byte[] content : List.of(first, second)) {
                backUp(repository, content);
                Set<Path> packs = new HashSet<>(files("packs"));
                packs.removeAll(watch.durableAtManifest.get(watch.durableAtManifest.size() - 1));
                assertEquals(Set.of(), packs, "packs that were not durable when the manifest was published");
                assertFalse(Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors());
            }
            assertEquals(2, watch.durableAtManifest.size());
        }
    }

    /** Every entry leads to the frame of its chunk, in a file that is there by name. @return how many do */
    private int assertIndexInventsNothing() throws IOException {
        int[] entries = new int[1];
        try (Repository repository = Repository.open(root);
                ChunkIndex index = ChunkIndex.openForReading(
                        repository.home().index(), repository.config().repositoryId())) {
            index.forEach((id, place) -> {
                if (place != null) {
                    var header = PackReader.frameHeaderAt(
                            repository.backend(), PackFormat.objectName(place.packId()), place.offset());
                    assertEquals(id, header.id());
                    assertEquals(place.storedLength(), header.storedLength());
                    entries[0]++;
                }
            });
        }
        return entries[0];
    }

    @Test
    void invariant2TheIndexMayForgetNeverInvent() throws IOException {
        try (Repository repository = Backups.init(root)) {
            backUp(repository, first);
            int known = assertIndexInventsNothing();
            assertEquals(Backups.fsck(repository, FsckOptions.Level.STRUCTURE).chunks(), known);
            MemoryDisk failing = new MemoryDisk(Backups.content(SIZE, 9), null).failingAt(300_000);
            assertThrows(
                    IOException.class,
                    () -> Backups.backUp(repository, Backups.disk("disk", failing, ChangeTracker.none())));
            assertIndexInventsNothing();
            Files.delete(files("packs").get(0));
            backUp(repository, new byte[SIZE]);
            assertIndexInventsNothing();
            backUp(repository, first);
            assertTrue(assertIndexInventsNothing() >= known);
            assertFalse(Backups.fsck(repository, FsckOptions.Level.DEEP).hasWarnings());
        }
    }

    private Map<Path, String> published() throws IOException {
        Map<Path, String> digests = new TreeMap<>();
        for (Path file : files("packs", "snapshots")) {
            digests.put(file, new ChunkHasher().id(Files.readAllBytes(file)).hex());
        }
        Path config = root.resolve("repository.json");
        digests.put(config, new ChunkHasher().id(Files.readAllBytes(config)).hex());
        return digests;
    }

    @Test
    void invariant3NothingPublishedIsEverModified() throws IOException {
        try (Repository repository = Backups.init(root)) {
            backUp(repository, first);
            Map<Path, String> before = published();
            assertTrue(before.size() > 5);
            backUp(repository, second);
            backUp(repository, first);
            MemoryDisk failing = new MemoryDisk(Backups.content(SIZE, 9), null).failingAt(300_000);
            assertThrows(
                    IOException.class,
                    () -> Backups.backUp(repository, Backups.disk("disk", failing, ChangeTracker.none())));
            Backups.fsck(repository, FsckOptions.Level.DEEP);
            IndexMaintenance.rebuild(repository, Duration.ZERO, (done, total) -> {}, notice -> {});
            delete("index");
            backUp(repository, Backups.content(SIZE, 5));
            Map<Path, String> after = published();
            assertTrue(after.size() > before.size());
            after.keySet().retainAll(before.keySet());
            assertEquals(before, after);
        }
    }

    @Test
    void invariant4EverySnapshotIsCompleteInItself() throws IOException {
        byte[] third = changed(second, 200_000, 10_000, 3);
        try (Repository repository = Backups.init(root)) {
            Snapshot full = backUp(repository, first, TestTracker.tokenOnly("t0"));
            Snapshot middle =
                    backUp(repository, second, TestTracker.known("t0", RangeSet.of(new Range(50_000, 30_000)), "t1"));
            Snapshot newest =
                    backUp(repository, third, TestTracker.known("t1", RangeSet.of(new Range(200_000, 10_000)), "t2"));
            assertEquals("incremental", disk(newest).mode());
            assertTrue(disk(newest).counters().read() < SIZE / 4);
            Files.delete(root.resolve(full.id().objectName()));
            Files.writeString(root.resolve(middle.id().objectName()), "{");
            delete("index");
            assertEquals(List.of(newest), repository.snapshots().list().snapshots(), "the others are gone and damaged");
            Backups.assertRestores(repository, newest, third);
            assertEquals(
                    Set.of(middle.id()),
                    Set.copyOf(Backups.fsck(repository, FsckOptions.Level.DEEP).affected().stream()
                            .map(FsckReport.AffectedDisk::snapshot)
                            .toList()));
        }
    }

    @Test
    void invariant5LosingTheIndexLosesTimeNotData() throws IOException {
        try (Repository repository = Backups.init(root)) {
            Snapshot snapshot = backUp(repository, first);
            delete("index");
            Backups.assertRestores(repository, snapshot, first);
            delete("index");
            assertEquals(0, disk(backUp(repository, first)).counters().stored(), "all of it was found again");
            assertEquals(
                    List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        }
    }

    @Test
    void invariant6WhatNoManifestReachesIsGarbage() throws IOException {
        try (Repository repository = Backups.init(root)) {
            Snapshot kept = backUp(repository, first);
            Set<Path> needed = new HashSet<>(files("packs"));
            assertEquals(0, Backups.fsck(repository, FsckOptions.Level.DEEP).unusedChunks());

            Snapshot forgotten = backUp(repository, Backups.content(SIZE, 5));
            assertEquals(0, Backups.fsck(repository, FsckOptions.Level.DEEP).unusedChunks());
            Files.delete(root.resolve(forgotten.id().objectName()));
            FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertEquals(List.of(), report.findings());
            assertTrue(report.unusedChunks() > 0 && report.unusedBytes() > 0);

            for (Path pack : files("packs")) {
                if (!needed.contains(pack)) {
                    Files.delete(pack);
                }
            }
            backUp(repository, first);
            FsckReport after = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(after.hasErrors());
            assertEquals(0, after.unusedChunks());
            Backups.assertRestores(repository, kept, first);
        }
    }

    @Test
    void invariant7TheCheckpointAdvancesOnlyAfterTheCommit() throws IOException {
        Watch watch = new Watch();
        try (Repository repository =
                Repository.init(new Folder(root, new LocalBackend(root, watch)), Backups.config())) {
            backUp(repository, first, TestTracker.tokenOnly("t0"));
            watch.failManifests = true;
            RangeSet toSecond = RangeSet.of(new Range(50_000, 30_000));
            Backups.TestCheckpoint lost = new Backups.TestCheckpoint(List.of(
                    Backups.disk("disk", new MemoryDisk(second, null), TestTracker.known("t0", toSecond, "t1"))));
            assertThrows(IOException.class, () -> Backups.backUp(repository, 0, new Backups.Log(), lost));
            assertFalse(lost.committed);
            assertTrue(lost.closed);

            // So the source still counts from t0: a longer list, and the right content.
            watch.failManifests = false;
            byte[] third = changed(second, 200_000, 10_000, 3);
            RangeSet toThird = toSecond.union(RangeSet.of(new Range(200_000, 10_000)));
            Backups.TestCheckpoint kept = new Backups.TestCheckpoint(
                    List.of(Backups.disk("disk", new MemoryDisk(third, null), TestTracker.known("t0", toThird, "t2"))));
            Snapshot snapshot = Backups.backUp(repository, 0, new Backups.Log(), kept);
            assertTrue(kept.committed);
            assertEquals("incremental", disk(snapshot).mode());
            Backups.assertRestores(repository, snapshot, third);
        }
    }

    @Test
    void invariant8AChangeListIsAHint() throws IOException {
        Map<String, RangeSet> lies = new TreeMap<>(Map.of(
                "audit-mismatch", RangeSet.of(new Range(300_000, 1)),
                "change-list-invalid", RangeSet.of(new Range(50_000, 30_000), new Range(SIZE - 1, 2))));
        try (Repository repository = Backups.init(root)) {
            for (Map.Entry<String, RangeSet> lie : lies.entrySet()) {
                backUp(repository, first, TestTracker.tokenOnly("t0"));
                Backups.Log log = new Backups.Log();
                Snapshot snapshot = Backups.backUp(
                        repository,
                        1,
                        log,
                        Backups.disk(
                                "disk", new MemoryDisk(second, null), TestTracker.known("t0", lie.getValue(), "t1")));
                assertEquals(lie.getKey(), disk(snapshot).reasonCode());
                assertEquals(List.of(lie.getKey()), log.warnings, "each fallback is loud");
                Backups.assertRestores(repository, snapshot, second);
            }
            assertEquals(
                    List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        }
    }

    @Test
    void invariant9OneDisksDemotionNeverTouchesAnotherDisk() throws IOException {
        byte[] other = Backups.content(SIZE, 8);
        try (Repository repository = Backups.init(root)) {
            Backups.backUp(
                    repository,
                    Backups.disk("liar", new MemoryDisk(first, null), TestTracker.tokenOnly("a0")),
                    Backups.disk("honest", new MemoryDisk(other, null), TestTracker.tokenOnly("b0")));
            Snapshot snapshot = Backups.backUp(
                    repository,
                    1,
                    new Backups.Log(),
                    Backups.disk("liar", new MemoryDisk(second, null), TestTracker.known("a0", RangeSet.empty(), "a1")),
                    Backups.disk(
                            "honest", new MemoryDisk(other, null), TestTracker.known("b0", RangeSet.empty(), "b1")));
            List<DiskRecord> disks = snapshot.manifest().disks();
            assertEquals(
                    List.of("demoted", "incremental"),
                    disks.stream().map(DiskRecord::mode).toList());
            assertEquals(0, disks.get(1).counters().changed());
            Backups.assertRestores(repository, snapshot, second, other);
        }
    }

    private static Manifest at(Manifest manifest, Instant time) {
        return new Manifest(
                manifest.repositoryId(),
                manifest.machine(),
                manifest.machineGuid(),
                manifest.host(),
                time,
                time,
                manifest.consistency(),
                manifest.disks(),
                manifest.files(),
                manifest.writer(),
                manifest.parent(),
                manifest.link(),
                Optional.empty());
    }

    /**
     * The first night again, dated in the future or the past: whatever the newest is taken to be, the data is right.
     */
    @Test
    void invariant10NoSafetyDecisionRestsOnAClock() throws IOException {
        try (Repository repository = Backups.init(root)) {
            Snapshot old = backUp(repository, first, TestTracker.tokenOnly("t0"));
            backUp(repository, second, TestTracker.known("t0", RangeSet.of(new Range(50_000, 30_000)), "t1"));
            byte[] third = changed(second, 200_000, 10_000, 3);
            RangeSet sinceSecond = RangeSet.of(new Range(200_000, 10_000));
            for (String time : List.of("2100-01-01T00:00:00Z", "1990-01-01T00:00:00Z", "2200-01-01T00:00:00Z")) {
                repository.snapshots().publish(at(old.manifest(), Instant.parse(time)));
                Instant touched = Instant.parse(time).minus(Duration.ofDays(1));
                for (Path file : files("packs", "snapshots", "index")) {
                    Files.setLastModifiedTime(file, FileTime.from(touched));
                }
                Snapshot snapshot = backUp(repository, third, TestTracker.known("t1", sinceSecond, "t2"));
                assertEquals("demoted", disk(snapshot).mode(), "its list does not start where the last one stopped");
                assertEquals("token-mismatch", disk(snapshot).reasonCode());
                Backups.assertRestores(repository, snapshot, third);
                Snapshot older = backUp(
                        repository,
                        third,
                        TestTracker.known("t0", sinceSecond.union(RangeSet.of(new Range(50_000, 30_000))), "t2"));
                assertEquals("demoted", disk(older).mode(), "the last one made is the parent, whatever the clock said");
                Backups.assertRestores(repository, older, third);
                Snapshot next = backUp(repository, third, TestTracker.known("t2", RangeSet.empty(), "t2"));
                assertEquals("incremental", disk(next).mode());
                Backups.assertRestores(repository, next, third);
            }
            List<String> codes = Backups.fsck(repository, FsckOptions.Level.DEEP).findings().stream()
                    .map(Finding::code)
                    .toList();
            assertEquals(List.of(), codes);
        }
    }
}
