package io.varve.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackWriter.SealedPack;
import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;

class ChunkIndexTest {
    @TempDir
    Path temp;

    private final MemoryBackend backend = new MemoryBackend();

    @BeforeAll
    static void load() throws IOException {
        RocksLibrary.load();
    }

    private Path directory() {
        return temp.resolve("index");
    }

    private ChunkIndex writing() throws IOException {
        return ChunkIndex.openForWriting(directory(), Packs.REPOSITORY);
    }

    private ChunkIndex reading() throws IOException {
        return ChunkIndex.openForReading(directory(), Packs.REPOSITORY);
    }

    /** A published pack of small chunks, all distinct from those of other seeds. */
    private SealedPack pack(int chunks, int seed) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            contents.add(Packs.random(20 + i % 7, seed * 100_000L + i));
        }
        return Packs.publish(backend, contents);
    }

    private static void add(ChunkIndex index, SealedPack pack) throws IOException {
        index.add(pack.id(), pack.footer());
    }

    /** How many of the pack's chunks the index finds; each at its own place. */
    private static int found(ChunkIndex index, SealedPack pack) throws IOException {
        int found = 0;
        PackFooter footer = pack.footer();
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            Place place = index.find(footer.id(frame));
            if (place != null) {
                assertEquals(new Place(pack.id(), footer.offset(frame), footer.storedLength(frame)), place);
                found++;
            }
        }
        return found;
    }

    private static int count(ChunkIndex index) throws IOException {
        int[] count = new int[1];
        index.forEach((id, place) -> count[0]++);
        return count[0];
    }

    /** Whatever byte of a table is flipped: reading everything says so, or finds everything. */
    @Test
    void aFlippedByteOfATableIsFoundByReadingEverything() throws IOException {
        SealedPack pack = pack(300, 1);
        try (ChunkIndex index = writing()) {
            add(index, pack);
        }
        Path table;
        try (var files = Files.list(directory())) {
            table = files.filter(path -> path.toString().endsWith(".sst"))
                    .findAny()
                    .orElseThrow();
        }
        byte[] sound = Files.readAllBytes(table);
        int damaged = 0;
        for (int offset = 0; offset < sound.length; offset += 97) {
            byte[] file = sound.clone();
            file[offset] = (byte) (file[offset] ^ (1 << (offset % 8)));
            Files.write(table, file);
            try (ChunkIndex index = reading()) {
                assertEquals(300, count(index), "at " + offset);
                assertEquals(300, found(index, pack), "at " + offset);
            } catch (DamagedIndexException e) {
                damaged++;
            }
        }
        assertTrue(damaged > sound.length / 97 / 2, damaged + " of " + sound.length / 97);
    }

    private ChunkIndex.CatchUp catchUp(ChunkIndex index) throws IOException {
        return index.catchUp(backend, (done, total) -> assertTrue(done >= 1 && done <= total));
    }

    @Test
    void whatWasAddedIsFoundAtItsPlace() throws IOException {
        SealedPack first = pack(100, 1);
        SealedPack second = pack(1, 2);
        assertFalse(ChunkIndex.exists(directory()));
        try (ChunkIndex index = writing()) {
            assertNull(index.find(first.footer().id(0)));
            add(index, first);
            assertEquals(100, found(index, first));
            assertEquals(0, found(index, second));
            add(index, second);
            assertEquals(1, found(index, second));
            assertEquals(Set.of(first.id(), second.id()), index.packs());
            assertTrue(index.knowsPack(first.id()));
        }
        assertTrue(ChunkIndex.exists(directory()));
        try (ChunkIndex index = reading()) {
            assertEquals(100, found(index, first));
            assertEquals(1, found(index, second));
            assertEquals(Set.of(first.id(), second.id()), index.packs());
        }
    }

    @Test
    void forEachGivesEveryChunkOnceInTheOrderOfIds() throws IOException {
        Map<ChunkId, Place> expected = new TreeMap<>();
        try (ChunkIndex index = writing()) {
            for (int seed = 1; seed <= 20; seed++) {
                SealedPack pack = pack(200, seed);
                add(index, pack);
                index.proven(pack.id());
                for (int frame = 0; frame < 200; frame++) {
                    expected.put(
                            pack.footer().id(frame), index.find(pack.footer().id(frame)));
                }
            }
            List<ChunkId> order = new ArrayList<>();
            Map<ChunkId, Place> found = new TreeMap<>();
            index.forEach((id, place) -> {
                order.add(id);
                assertNull(found.put(id, place));
            });
            assertEquals(expected, found);
            assertEquals(List.copyOf(expected.keySet()), order);
            assertEquals(4000, found.size());
        }
        // Ids that begin with the byte of a pack's key are no packs, and the other way round.
        try (ChunkIndex index = reading()) {
            assertEquals(20, index.packs().size());
            assertTrue(expected.keySet().stream().anyMatch(id -> id.hex().startsWith("70")), "no id begins with 'p'");
        }
    }

    @Test
    void catchUpReadsTheFootersOfNewPacks() throws IOException {
        SealedPack first = pack(10, 1);
        SealedPack second = pack(20, 2);
        try (ChunkIndex index = writing()) {
            add(index, first);
            ChunkIndex.CatchUp caughtUp = catchUp(index);
            assertEquals(1, caughtUp.packsAdded());
            assertEquals(List.of(), caughtUp.packsVanished());
            assertEquals(20, found(index, second));
            assertEquals(0, catchUp(index).packsAdded());
        }
        try (ChunkIndex index = reading()) {
            assertEquals(10, found(index, first));
            assertEquals(20, found(index, second));
        }
    }

    @Test
    void anUnreadablePackIsReportedAndLeftOut() throws IOException {
        SealedPack sound = pack(10, 1);
        SealedPack damaged = pack(10, 2);
        byte[] file = backend.get(PackFormat.objectName(damaged.id()));
        file[file.length - 60]++;
        try (ChunkIndex index = writing()) {
            ChunkIndex.CatchUp caughtUp = catchUp(index);
            assertEquals(1, caughtUp.packsAdded());
            assertEquals(1, caughtUp.unreadablePacks().size());
            assertTrue(caughtUp.unreadablePacks()
                    .get(0)
                    .getMessage()
                    .contains(damaged.id().hex()));
            assertEquals(10, found(index, sound));
            assertEquals(0, found(index, damaged));
            file[file.length - 60]--;
            assertEquals(1, catchUp(index).packsAdded());
            assertEquals(10, found(index, damaged));
        }
    }

    @Test
    void aVanishedPackIsForgottenAndItsNumberNotUsedAgain() throws IOException {
        SealedPack first = pack(10, 1);
        SealedPack second = pack(10, 2);
        try (ChunkIndex index = writing()) {
            catchUp(index);
            backend.delete(PackFormat.objectName(second.id()));
            assertEquals(List.of(second.id()), catchUp(index).packsVanished());
            assertEquals(0, found(index, second));
            assertEquals(10, found(index, first));
            assertFalse(index.knowsPack(second.id()));
            // Its entries are still in the database; a new pack must not take them over.
            SealedPack third = pack(10, 3);
            catchUp(index);
            assertEquals(0, found(index, second));
            assertEquals(10, found(index, third));
        }
        try (ChunkIndex index = writing()) {
            assertEquals(0, found(index, second), "forgotten for good");
            assertEquals(List.of(), catchUp(index).packsVanished());
            assertEquals(10, found(index, first));
            SealedPack again = pack(10, 2);
            assertEquals(second.id(), again.id());
            assertEquals(1, catchUp(index).packsAdded());
            assertEquals(10, found(index, again));
        }
    }

    /** The index names one place; when that is lost, the other copy counts. */
    @Test
    void aChunkInTwoPacksSurvivesTheLossOfEither() throws IOException {
        byte[] shared = Packs.random(30, 77);
        SealedPack one = Packs.publish(backend, List.of(Packs.random(30, 1), shared));
        SealedPack two = Packs.publish(backend, List.of(shared, Packs.random(30, 2)));
        ChunkId id = two.footer().id(0);
        assertEquals(id, one.footer().id(1));
        try (ChunkIndex index = writing()) {
            add(index, one);
            add(index, two);
            ChunkId named = index.find(id).packId();
            SealedPack kept = named.equals(one.id()) ? two : one;
            backend.delete(PackFormat.objectName(named));
            catchUp(index);
            assertEquals(kept.id(), index.find(id).packId());
            assertEquals(2, found(index, kept));
        }
    }

    @Test
    void provenRootsAreForgottenWhenAPackVanishes() throws IOException {
        SealedPack first = pack(10, 1);
        SealedPack second = pack(10, 2);
        ChunkId root = Packs.id(new byte[] {1});
        try (ChunkIndex index = writing()) {
            catchUp(index);
            assertTrue(index.isProven(ChunkId.ZERO));
            assertFalse(index.isProven(root));
            index.proven(root);
            assertTrue(index.isProven(root));
            assertFalse(index.isProven(Packs.id(new byte[] {2})));
        }
        try (ChunkIndex index = writing()) {
            assertTrue(index.isProven(root));
            pack(10, 3);
            catchUp(index);
            assertTrue(index.isProven(root), "a new pack takes nothing away");
            backend.delete(PackFormat.objectName(first.id()));
            catchUp(index);
            assertFalse(index.isProven(root));
            index.proven(root);
            assertTrue(index.isProven(root));
            backend.delete(PackFormat.objectName(second.id()));
            catchUp(index);
            assertFalse(index.isProven(root));
        }
        try (ChunkIndex index = reading()) {
            assertFalse(index.isProven(root));
        }
    }

    @Test
    void readersSeeWhatWasFlushedWhenTheyOpened() throws IOException {
        SealedPack first = pack(10, 1);
        SealedPack second = pack(10, 2);
        try (ChunkIndex writer = writing()) {
            add(writer, first);
            writer.flush();
            try (ChunkIndex reader = reading()) {
                assertEquals(10, found(reader, first));
                add(writer, second);
                assertEquals(0, found(reader, second));
                writer.flush();
                for (int seed = 3; seed < 40; seed++) {
                    add(writer, pack(300, seed));
                    writer.flush(); // makes tables that are compacted away under the reader
                }
                assertEquals(10, found(reader, first));
                assertEquals(10, count(reader), "the whole of it, out of tables that are gone by name");
                try (ChunkIndex later = reading()) {
                    assertEquals(10, found(later, second));
                    assertEquals(39, later.packs().size());
                }
            }
        }
    }

    @Test
    void aSecondWriterIsBusyNotDamaged() throws IOException {
        try (ChunkIndex first = writing()) {
            assertThrows(IndexBusyException.class, this::writing);
            add(first, pack(10, 1));
        }
        writing().close();
    }

    /** The path of an index may say anything. */
    @Test
    void damageInADirectoryCalledBlocksIsDamageNotALock() throws IOException {
        Path blocks = temp.resolve("blocks on a clock").resolve("index");
        try (ChunkIndex index = ChunkIndex.openForWriting(blocks, Packs.REPOSITORY)) {
            add(index, pack(10, 1));
        }
        try (var files = Files.list(blocks)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".sst")
                            || path.getFileName().toString().startsWith("MANIFEST"))
                    .toList()) {
                Files.delete(file);
            }
        }
        assertThrows(
                DamagedIndexException.class,
                () -> ChunkIndex.openForWriting(blocks, Packs.REPOSITORY).close());
        assertThrows(
                DamagedIndexException.class,
                () -> ChunkIndex.openForReading(blocks, Packs.REPOSITORY).close());
        try (ChunkIndex first = ChunkIndex.openForWriting(temp.resolve("blocks"), Packs.REPOSITORY)) {
            assertThrows(
                    IndexBusyException.class,
                    () -> ChunkIndex.openForWriting(first.directory(), Packs.REPOSITORY)
                            .close());
        }
    }

    @Test
    void theIndexOfAnotherRepositoryIsNotUsed() throws IOException {
        SealedPack pack = pack(10, 1);
        try (ChunkIndex index = writing()) {
            add(index, pack);
        }
        UUID other = new UUID(7, 7);
        assertThrows(DamagedIndexException.class, () -> ChunkIndex.openForWriting(directory(), other));
        assertThrows(DamagedIndexException.class, () -> ChunkIndex.openForReading(directory(), other));
        try (ChunkIndex index = writing()) {
            assertEquals(10, found(index, pack), "a look with the wrong id changes nothing");
        }
    }

    @Test
    void nothingToReadIsSaidSo() {
        assertThrows(DamagedIndexException.class, this::reading);
        assertFalse(Files.exists(directory()), "a reader makes nothing");
    }

    @Test
    void aDeletedIndexIsMadeAnew() throws IOException {
        SealedPack pack = pack(10, 1);
        try (ChunkIndex index = writing()) {
            add(index, pack);
            index.proven(pack.id());
        }
        ChunkIndex.delete(directory());
        ChunkIndex.delete(directory());
        assertFalse(ChunkIndex.exists(directory()));
        try (ChunkIndex index = writing()) {
            assertEquals(0, found(index, pack));
            assertFalse(index.isProven(pack.id()));
            catchUp(index);
            assertEquals(10, found(index, pack));
        }
    }

    /** What is there at one moment: begun again when RocksDB removes a file under the copying hands. */
    private Path copy(String name) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path copy = temp.resolve(name + "-" + attempt);
            Files.createDirectory(copy);
            try (var files = Files.list(directory())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
                return copy;
            } catch (java.nio.file.NoSuchFileException e) {
                assertTrue(attempt < 20, () -> "a file vanishes in every attempt: " + e);
            }
        }
    }

    /** The process is killed at any moment: a pack's chunks are all there or none, and catching up brings the rest. */
    @Test
    void whatAKillLeavesIsWholePacks() throws IOException {
        List<SealedPack> packs = new ArrayList<>();
        List<Path> copies = new ArrayList<>();
        try (ChunkIndex index = writing()) {
            for (int night = 0; night < 12; night++) {
                SealedPack pack = pack(150, night + 1);
                packs.add(pack);
                add(index, pack);
                copies.add(copy("before" + night));
                if (night % 3 == 2) {
                    index.flush();
                }
                copies.add(copy("after" + night));
            }
        }
        int lost = 0;
        for (Path copy : copies) {
            assertTrue(ChunkIndex.exists(copy), copy + "");
            try (ChunkIndex index = ChunkIndex.openForWriting(copy, Packs.REPOSITORY)) {
                for (SealedPack pack : packs) {
                    int found = found(index, pack);
                    assertTrue(found == 0 || found == 150, copy + ": " + found + " chunks of a pack");
                    assertEquals(found == 150, index.knowsPack(pack.id()), copy + "");
                    lost += found == 0 ? 1 : 0;
                }
                catchUp(index);
                for (SealedPack pack : packs) {
                    assertEquals(150, found(index, pack), copy + "");
                }
            }
        }
        assertTrue(lost > 0, "nothing was ever lost: then this test kills nothing");
    }

    @Test
    void comparingTellsWhatEitherSideHasAlone() throws IOException {
        SealedPack both = pack(1, 1);
        SealedPack lost = pack(1, 2);
        try (ChunkIndex index = writing()) {
            assertEquals(Set.of(both.id(), lost.id()), index.compare(backend).unknown());
            add(index, both);
            add(index, lost);
            backend.delete(PackFormat.objectName(lost.id()));
            SealedPack others = pack(1, 3);
            assertEquals(new PackComparison(Set.of(others.id()), Set.of(lost.id()), Map.of()), index.compare(backend));
        }
        try (ChunkIndex index = writing()) {
            assertEquals(Set.of(lost.id()), index.compare(backend).absent(), "and when it was opened again");
        }
    }

    @Test
    void aPackNumberThatWasNeverGivenIsDamage() throws Exception {
        try (ChunkIndex index = writing()) {
            add(index, pack(1, 1));
        }
        try (RocksDB db = RocksDB.open(directory().toString())) {
            db.put(IndexKeys.pack(-1), ChunkId.ZERO.toBytes());
        }
        DamagedIndexException e = assertThrows(DamagedIndexException.class, this::writing);
        assertTrue(e.getMessage().contains("pack -1 of 1"), e.getMessage());
    }

    /** A process that ends soon after would never finish a merging, and the next one begin it anew, for ever. */
    @Test
    void whatIsDueToBeMergedIsMergedWhenThatIsAskedFor() throws IOException {
        List<SealedPack> packs = new ArrayList<>();
        try (ChunkIndex index = writing()) {
            for (int i = 0; i < 8; i++) {
                packs.add(pack(3000, i));
                add(index, packs.get(i));
                index.flush();
            }
            index.finishMerging();
            assertTrue(tables() < 8, tables() + " tables");
        }
        try (ChunkIndex index = reading()) {
            for (SealedPack pack : packs) {
                assertEquals(3000, found(index, pack));
            }
        }
    }

    private long tables() throws IOException {
        try (var files = Files.list(directory())) {
            return files.filter(path -> path.toString().endsWith(".sst")).count();
        }
    }
}
