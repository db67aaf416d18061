package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.gc.CollectionRefusedException;
import io.varve.store.gc.CollectionReport;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import io.varve.store.trash.CondemnedLists;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 6: what no manifest reaches is garbage; and nothing else is. */
class CollectionTest {
    private static final int SIZE = 400_000;
    private static final CollectionOptions ALL = new CollectionOptions(10, 100, false);

    @TempDir
    Path root;

    private Repository repository;
    private final List<String> warnings = new ArrayList<>();
    private long salt;

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(root);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private CollectionReport collect(CollectionOptions options) throws IOException {
        Warnings listener = (code, message) -> warnings.add(code);
        try (WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, message -> {})) {
            return Collection.run(session, options, listener, ++salt);
        }
    }

    private int undo() throws IOException {
        try (WriteSession session = WriteSession.openForCollection(repository, "undo", Duration.ZERO, message -> {})) {
            return Collection.undo(session, kept -> {});
        }
    }

    private Snapshot backUp(byte[] content) throws IOException {
        return Backups.backUp(repository, Backups.disk("disk", content));
    }

    private void forget(Snapshot snapshot) throws IOException {
        new SnapshotShelf(repository.backend()).forget(snapshot);
    }

    private long packBytes() throws IOException {
        long[] bytes = {0};
        repository.backend().list("packs", (name, size) -> bytes[0] += size);
        return bytes[0];
    }

    private void assertClean() throws IOException {
        FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
        assertFalse(report.hasErrors() || report.hasWarnings(), () -> "" + report.findings());
    }

    @Test
    void condemnedFirstDeletedByTheNext() throws IOException {
        byte[] first = Backups.content(SIZE, 1);
        byte[] second = Backups.content(SIZE, 2);
        Snapshot old = backUp(first);
        long oneNight = packBytes();
        Snapshot kept = backUp(second);
        long twoNights = packBytes();
        forget(old);
        CollectionReport plan = collect(new CollectionOptions(10, 100, true));
        assertEquals(twoNights, packBytes(), "a dry run changes nothing");
        CollectionReport condemned = collect(ALL);
        assertEquals(plan.condemnedPacks(), condemned.condemnedPacks());
        assertTrue(condemned.condemnedPacks() > 0 && condemned.deletedPacks() == 0, "" + condemned);
        assertTrue(packBytes() >= twoNights);
        assertClean();
        CollectionReport deleted = collect(ALL);
        assertEquals(condemned.condemnedPacks(), deleted.deletedPacks());
        assertTrue(packBytes() < oneNight * 1.3, packBytes() + " after, one night took " + oneNight);
        Backups.assertRestores(repository, kept, second);
        assertClean();
        assertEquals(List.of(), warnings);
        assertThrows(IOException.class, () -> new SnapshotShelf(repository.backend()).bringBack(old.id(), left -> {}));
    }

    /** Surveyed, repacked and checked before it is condemned: for all three, a pack's footer is read once. */
    @Test
    void eachFooterIsReadOnce() throws IOException {
        Snapshot old = backUp(Backups.content(SIZE, 1));
        byte[] half = Backups.content(SIZE, 1);
        System.arraycopy(Backups.content(SIZE, 2), 0, half, 0, SIZE * 3 / 4);
        Snapshot kept = backUp(half);
        forget(old);
        repository.close();
        Map<String, Integer> footers = new ConcurrentHashMap<>();
        repository = Repository.open(new Folder(root, new ForwardingBackend(new LocalBackend(root)) {
            @Override
            public void read(String name, long offset, ByteBuffer target) throws IOException {
                if (name.startsWith("packs/") && offset + target.remaining() == size(name)) {
                    footers.merge(name, 1, Integer::sum);
                }
                super.read(name, offset, target);
            }
        }));
        CollectionReport report = collect(ALL);
        assertTrue(report.condemnedPacks() > 0, "" + report);
        assertFalse(footers.isEmpty());
        footers.forEach((pack, times) -> assertEquals(1, times, pack));
        Backups.assertRestores(repository, kept, half);
    }

    @Test
    void whatIsCondemnedIsNotReliedOn() throws IOException {
        byte[] first = Backups.content(SIZE, 1);
        Snapshot old = backUp(first);
        backUp(Backups.content(SIZE, 2));
        forget(old);
        collect(ALL);
        // The same content again, while the packs that hold it are on their way out.
        Snapshot again = backUp(first);
        CollectionReport deleted = collect(ALL);
        assertTrue(deleted.deletedPacks() > 0 && deleted.rescuedPacks() == 0, "" + deleted);
        Backups.assertRestores(repository, again, first);
        assertClean();
    }

    @Test
    void undoneAndBroughtBack() throws IOException {
        byte[] first = Backups.content(SIZE, 1);
        Snapshot old = backUp(first);
        Snapshot kept = backUp(Backups.content(SIZE, 2));
        forget(old);
        CollectionReport condemned = collect(ALL);
        assertEquals(condemned.condemnedPacks(), undo());
        new SnapshotShelf(repository.backend()).bringBack(old.id(), left -> {});
        Backups.assertRestores(repository, old, first);
        assertClean();
        // Every chunk that was repacked is there twice now; only one copy stays.
        forget(kept);
        long before = packBytes();
        collect(ALL);
        collect(ALL);
        assertTrue(packBytes() < before);
        Backups.assertRestores(repository, old, first);
        assertClean();
    }

    @Test
    void aManifestPutBackByHandBringsItsPacksBack() throws IOException {
        byte[] first = Backups.content(SIZE, 1);
        Snapshot old = backUp(first);
        backUp(Backups.content(SIZE, 2));
        Path manifest = root.resolve(old.id().objectName());
        byte[] bytes = Files.readAllBytes(manifest);
        forget(old);
        collect(ALL);
        Files.write(manifest, bytes);
        assertThrows(CorruptDataException.class, () -> collect(new CollectionOptions(10, 100, true)));
        CollectionReport report = collect(ALL);
        assertTrue(report.rescuedPacks() > 0 && report.deletedPacks() == 0, "" + report);
        assertEquals(List.of("condemned-pack-needed"), warnings);
        collect(ALL);
        collect(ALL);
        Backups.assertRestores(repository, old, first);
        assertClean();
    }

    @Test
    void whatTurnsOutToBeNeededIsRescued() throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        Snapshot snapshot = backUp(content);
        List<ChunkId> blocks = new ArrayList<>();
        for (Path pack : packs()) {
            if (Files.readAllBytes(pack)[44] == 1) {
                blocks.add(ChunkId.parse(pack.getFileName().toString()));
            }
        }
        CondemnedLists lists = new CondemnedLists(repository.backend());
        lists.putIntoForce(lists.propose(blocks, 1, List.of()));
        CollectionReport report = collect(ALL);
        assertEquals(blocks.size(), report.rescuedPacks());
        assertEquals(0, report.deletedPacks());
        assertTrue(warnings.contains("condemned-pack-needed"), "" + warnings);
        Backups.assertRestores(repository, snapshot, content);
        assertClean();
    }

    @Test
    void aDamagedCopyIsNotTheOneThatStays() throws IOException {
        byte[] kept = Backups.content(SIZE, 2);
        byte[] mixed = everySecondBlockOf(kept);
        Snapshot old = backUp(mixed);
        Snapshot snapshot = backUp(kept);
        List<Path> before = packs();
        forget(old);
        CollectionReport report = collect(ALL);
        assertTrue(report.repackedBytes() > 0, "" + report);
        undo(); // now there are two copies of what was repacked, and the index names the new one
        List<Path> made = new ArrayList<>(packs());
        made.removeAll(before);
        assertTrue(made.size() >= 1);
        int damaged = 0;
        for (Path pack : made) {
            byte[] bytes = Files.readAllBytes(pack);
            if (bytes[44] == 1) { // the first frame is a block
                bytes[40 + 64 + 10] ^= 1;
                Files.write(pack, bytes);
                damaged++;
            }
        }
        assertTrue(damaged > 0);
        collect(ALL);
        CollectionReport last = collect(ALL);
        assertTrue(last.deletedPacks() > 0, "the older copies were repacked and are gone: " + last);
        Backups.assertRestores(repository, snapshot, kept);
    }

    /** So that packs of a backup of it are thin once it is forgotten. */
    private static byte[] everySecondBlockOf(byte[] content) {
        byte[] mixed = Backups.content(content.length, 1);
        for (int at = 0; at + Backups.BLOCK <= content.length; at += 2 * Backups.BLOCK) {
            System.arraycopy(content, at, mixed, at, Backups.BLOCK);
        }
        return mixed;
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("packs"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void moreThanAllowedIsRefused() throws IOException {
        Snapshot old = backUp(Backups.content(SIZE, 1));
        backUp(Arrays.copyOf(Backups.content(SIZE / 10, 2), SIZE));
        forget(old);
        CollectionRefusedException refused =
                assertThrows(CollectionRefusedException.class, () -> collect(new CollectionOptions(10, 50, false)));
        assertTrue(refused.getMessage().contains("--max-delete"), refused.getMessage());
        collect(new CollectionOptions(10, 99, false));
    }

    @Test
    void withoutAllManifestsNothingIsCollected() throws IOException {
        Snapshot first = backUp(Backups.content(SIZE, 1));
        backUp(Backups.content(SIZE, 2));
        Path manifest = root.resolve(first.id().objectName());
        byte[] bytes = Files.readAllBytes(manifest);
        Files.write(manifest, new byte[] {1});
        CollectionRefusedException damaged = assertThrows(CollectionRefusedException.class, () -> collect(ALL));
        assertTrue(damaged.getMessage().contains("cannot be read"), damaged.getMessage());
        Files.delete(manifest);
        CollectionRefusedException missing = assertThrows(CollectionRefusedException.class, () -> collect(ALL));
        assertTrue(missing.getMessage().contains("missing and was not forgotten"), missing.getMessage());
        Files.write(manifest, bytes);
        repository.close();
        repository = Repository.open(root);
        collect(ALL);
    }

    @Test
    void withoutAMapPageNothingIsCollected() throws IOException {
        Snapshot old = backUp(Backups.content(SIZE, 1));
        backUp(Backups.content(SIZE, 2));
        forget(old);
        long before = packBytes();
        for (Path pack : packs()) {
            byte[] bytes = Files.readAllBytes(pack);
            if (bytes[44] == 2) { // the first frame is a map page
                bytes[40 + 64 + 100] ^= 1;
                Files.write(pack, bytes);
            }
        }
        assertThrows(CorruptDataException.class, () -> collect(ALL));
        assertEquals(before, packBytes());
    }

    @Test
    void aRestoreThatBeganBeforeGoesOn() throws IOException {
        byte[] kept = Backups.content(SIZE, 2);
        byte[] mixed = everySecondBlockOf(kept);
        Snapshot old = backUp(mixed);
        Snapshot snapshot = backUp(kept);
        forget(old);
        try (ReadSession session = ReadSession.open(repository, message -> {});
                SnapshotImage image =
                        new SnapshotImage(session, snapshot.manifest().disks().get(0), "test")) {
            ByteBuffer half = ByteBuffer.allocate(SIZE / 2);
            image.read(0, half);
            assertTrue(collect(ALL).repackedBytes() > 0);
            ByteBuffer rest = ByteBuffer.allocate(SIZE - SIZE / 2);
            image.read(SIZE / 2, rest);
            assertArrayEquals(java.util.Arrays.copyOf(kept, SIZE / 2), half.array());
            assertArrayEquals(java.util.Arrays.copyOfRange(kept, SIZE / 2, SIZE), rest.array());
        }
    }

    /** Random histories: whatever happens in whatever order, every snapshot that exists restores equal. */
    @Test
    void anyHistoryOfBackupsForgettingAndCollecting() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Map<SnapshotId, byte[]> expected = new HashMap<>();
        Map<SnapshotId, byte[]> all = new HashMap<>();
        SnapshotShelf shelf = new SnapshotShelf(repository.backend());
        byte[] content = Backups.content(SIZE, seed);
        for (int step = 0; step < 40; step++) {
            String label = "seed " + seed + ", step " + step;
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    int at = random.nextInt(SIZE - 100_000);
                    byte[] change = Backups.content(100_000, random.nextLong(5));
                    System.arraycopy(change, 0, content, at, change.length);
                    byte[] frozen = content.clone();
                    SnapshotId id = backUp(frozen).id();
                    expected.put(id, frozen);
                    all.put(id, frozen);
                }
                case 3 -> {
                    List<Snapshot> there = repository.snapshots().list().snapshots();
                    if (!there.isEmpty()) {
                        Snapshot victim = there.get(random.nextInt(there.size()));
                        shelf.forget(victim);
                        expected.remove(victim.id());
                    }
                }
                case 4 -> collect(ALL);
                default -> {
                    if (random.nextBoolean()) {
                        undo();
                        List<SnapshotId> back = shelf.inTrash().stream()
                                .sorted(Comparator.naturalOrder())
                                .toList();
                        if (!back.isEmpty()) {
                            SnapshotId id = back.get(random.nextInt(back.size()));
                            shelf.bringBack(id, left -> {});
                            expected.put(id, all.get(id));
                        }
                    }
                }
            }
            List<Snapshot> there = repository.snapshots().list().snapshots();
            assertEquals(expected.size(), there.size(), label);
            for (Snapshot snapshot : there) {
                assertArrayEquals(
                        expected.get(snapshot.id()),
                        Backups.restore(repository, snapshot.manifest().disks().get(0)),
                        label + ", " + snapshot.id());
            }
        }
        assertClean();
        assertEquals(List.of(), warnings, "seed " + seed);
    }
}
