package io.varve.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.LocalBackend;
import io.varve.store.index.ChunkIndex.AlteredPack;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackWriter.SealedPack;
import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Packs that became longer or shorter while the index was not looking. */
class PackLengthTest {
    @TempDir
    Path temp;

    private LocalBackend backend;
    private SealedPack sound;
    private SealedPack other;

    @BeforeAll
    static void load() throws IOException {
        RocksLibrary.load();
    }

    @BeforeEach
    void packs() throws IOException {
        backend = new LocalBackend(Files.createDirectory(temp.resolve("repo")));
        sound = Packs.publish(backend, List.of(Packs.random(30, 1)));
        other = Packs.publish(backend, List.of(Packs.random(30, 2)));
    }

    private ChunkIndex writing() throws IOException {
        return ChunkIndex.openForWriting(temp.resolve("index"), Packs.REPOSITORY);
    }

    private ChunkIndex.CatchUp catchUp(ChunkIndex index) throws IOException {
        return index.catchUp(backend, (done, total) -> {});
    }

    private Path file(SealedPack pack) {
        return temp.resolve("repo").resolve(PackFormat.objectName(pack.id()));
    }

    private void alter(SealedPack pack, int length) throws IOException {
        Files.write(file(pack), Arrays.copyOf(Files.readAllBytes(file(pack)), length));
    }

    private void isForgotten(ChunkIndex index, int expected, int found) throws IOException {
        ChunkIndex.CatchUp caughtUp = catchUp(index);
        assertEquals(List.of(new AlteredPack(other.id(), expected, found)), caughtUp.packsAltered());
        assertEquals(List.of(), caughtUp.packsVanished());
        assertNull(index.find(other.footer().id(0)));
        assertNotNull(index.find(sound.footer().id(0)));
        assertFalse(index.isProven(Packs.id(new byte[] {1})), "what relied on it has to be checked again");
    }

    @Test
    void aPackOfAnotherLengthIsForgottenAndItsChunksAreAbsent() throws IOException {
        int length = (int) Files.size(file(other));
        assertEquals(length, other.footer().packLength());
        byte[] whole = Files.readAllBytes(file(other));
        for (int altered : new int[] {0, 1, length - 1, length + 1, 2 * length}) {
            try (ChunkIndex index = writing()) {
                Files.write(file(other), whole);
                catchUp(index);
                assertNotNull(index.find(other.footer().id(0)));
                index.proven(Packs.id(new byte[] {1}));
            }
            alter(other, altered);
            try (ChunkIndex index = writing()) {
                isForgotten(index, length, altered);
                ChunkIndex.CatchUp again = catchUp(index);
                assertEquals(List.of(), again.packsAltered(), "said once");
                assertEquals(1, again.unreadable(), "and later for what it is: unreadable");
            }
        }
    }

    @Test
    void aPackOfThisSessionIsMeasuredToo() throws IOException {
        try (ChunkIndex index = writing()) {
            catchUp(index);
            SealedPack mine = Packs.publish(backend, List.of(Packs.random(30, 3)));
            index.add(mine.id(), mine.footer());
            assertEquals(List.of(), catchUp(index).packsAltered());
            Files.write(file(mine), new byte[1], StandardOpenOption.APPEND);
            assertEquals(1, catchUp(index).packsAltered().size());
        }
    }

    /** Earlier builds recorded no lengths. */
    @Test
    void lengthsThatAreNotRecordedAreTakenFromTheFooters() throws IOException, RocksDBException {
        int length = (int) Files.size(file(other));
        try (ChunkIndex index = writing()) {
            catchUp(index);
        }
        withoutLengths();
        try (ChunkIndex index = writing()) {
            ChunkIndex.CatchUp caughtUp = catchUp(index);
            assertEquals(List.of(), caughtUp.packsAltered());
            assertEquals(0, caughtUp.unreadable());
            assertNotNull(index.find(other.footer().id(0)));
        }
        alter(other, length - 1);
        try (ChunkIndex index = writing()) {
            isForgotten(index, length, length - 1);
        }
    }

    @Test
    void aPackThatWasCutBeforeItsLengthWasRecordedIsUnreadable() throws IOException, RocksDBException {
        try (ChunkIndex index = writing()) {
            catchUp(index);
        }
        withoutLengths();
        alter(other, (int) Files.size(file(other)) - 1);
        try (ChunkIndex index = writing()) {
            ChunkIndex.CatchUp caughtUp = catchUp(index);
            assertEquals(1, caughtUp.unreadable());
            assertTrue(caughtUp.unreadablePacks()
                    .get(0)
                    .getMessage()
                    .contains(other.id().hex()));
            assertNull(index.find(other.footer().id(0)));
            assertNotNull(index.find(sound.footer().id(0)));
        }
    }

    /** Makes the packs' entries what they were in earlier builds. */
    private void withoutLengths() throws RocksDBException {
        int packs = 0;
        try (Options options = new Options();
                RocksDB db = RocksDB.open(options, temp.resolve("index").toString());
                RocksIterator at = db.newIterator()) {
            for (at.seek(IndexKeys.PACKS_BEGIN); at.isValid() && IndexKeys.isPack(at.key()); at.next()) {
                assertEquals(40, at.value().length);
                db.put(at.key(), Arrays.copyOf(at.value(), 32));
                packs++;
            }
        }
        assertEquals(2, packs);
    }
}
