package io.varve.store.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.PackFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damage to packs of many sizes, and to their parity: undone exactly, or said not to be. */
class MendedPackTest {
    private static final int SECTOR = ParityLayout.SECTOR;

    private final MemoryBackend backend = new MemoryBackend();
    private byte[] sound;
    private ChunkId pack;
    private String object;

    /** Parity does not look into packs, so any bytes will do. */
    private void write(int length, int percent, long seed) throws IOException {
        sound = new byte[length];
        new SplittableRandom(seed).nextBytes(sound);
        pack = new ChunkHasher().id(sound);
        object = PackFormat.objectName(pack);
        backend.put(object, sound);
        assertTrue(new ParityWriter(backend, percent).write(pack) > 0);
        assertEquals(new ParityHead(pack, ParityLayout.of(length, percent)).objectLength(), parity().length);
        MendedPack.checkParity(backend, pack);
    }

    private byte[] parity() {
        return backend.get(Parity.objectName(pack));
    }

    private MendedPack mend(byte[] damaged) throws IOException {
        backend.put(object, damaged);
        return MendedPack.of(backend, object, pack);
    }

    private byte[] read(MendedPack mended) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) mended.size(object));
        mended.read(object, 0, content);
        return content.array();
    }

    private void assertMended(byte[] damaged, int sectors, String where) throws IOException {
        MendedPack mended = mend(damaged);
        assertEquals(0, mended.lostSectors(), where);
        assertEquals(sectors, mended.computedSectors(), where);
        assertArrayEquals(sound, read(mended), where);
    }

    @Test
    void whatIsSoundIsLeftAsItIs() throws IOException {
        for (int length : new int[] {1, SECTOR - 1, SECTOR, SECTOR + 1, 40 * SECTOR, 41 * SECTOR + 7}) {
            write(length, 10, length);
            assertMended(sound, 0, length + " bytes");
        }
    }

    /** In every stripe as many sectors as it can bear, wherever they are. */
    @Test
    void upToFourSectorsOfEachStripeComeBack() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 60; round++) {
            int percent = random.nextInt(ParityLayout.MIN_PERCENT, ParityLayout.MAX_PERCENT + 1);
            write(random.nextInt(1, 400 * SECTOR), percent, random.nextLong());
            ParityLayout layout = ParityLayout.of(sound.length, percent);
            byte[] damaged = sound.clone();
            int sectors = 0;
            for (int stripe = 0; stripe < layout.stripes(); stripe++) {
                for (int count = random.nextInt(5); count > 0; count--) {
                    int columns = (layout.sectors() - stripe + layout.stripes() - 1) / layout.stripes();
                    int index = random.nextInt(columns) * layout.stripes() + stripe;
                    int at = index * SECTOR + random.nextInt(layout.length(index));
                    if (damaged[at] == sound[at]) {
                        boolean first = Arrays.equals(
                                damaged,
                                index * SECTOR,
                                index * SECTOR + layout.length(index),
                                sound,
                                index * SECTOR,
                                index * SECTOR + layout.length(index));
                        damaged[at] ^= (byte) (1 + random.nextInt(255));
                        sectors += first ? 1 : 0;
                    }
                }
            }
            assertMended(damaged, sectors, "seed " + seed + ", round " + round);
        }
    }

    /** A tenth of the pack in one piece, at any place; cut off at the end too. */
    @Test
    void aRunOfBadSectorsComesBack() throws IOException {
        int sectors = 500;
        write(sectors * SECTOR, 10, 1);
        int run = ParityLayout.of(sound.length, 10).stripes() * 4;
        assertTrue(run >= sectors / 10, "a run of " + run);
        for (int from = 0; from + run <= sectors; from += 31) {
            byte[] damaged = sound.clone();
            Arrays.fill(damaged, from * SECTOR, (from + run) * SECTOR, (byte) 0);
            assertMended(damaged, run, "from " + from);
        }
        assertMended(Arrays.copyOf(sound, sound.length - run * SECTOR), run, "cut off");
        MendedPack lost = mend(Arrays.copyOf(sound, sound.length - (run + 1) * SECTOR));
        assertEquals(5, lost.lostSectors(), "the five of one stripe");
        assertEquals(run - 4, lost.computedSectors(), "the others come back all the same");
    }

    /** Larger than a group of stripes. */
    @Test
    void largePacksAreComputedInGroups() throws IOException {
        write((ParityLayout.GROUP * 8 + 100) * SECTOR - 5, 50, 1);
        ParityLayout layout = ParityLayout.of(sound.length, 50);
        assertTrue(layout.stripes() > ParityLayout.GROUP, layout.stripes() + " stripes");
        byte[] damaged = sound.clone();
        Arrays.fill(damaged, 0, layout.stripes() * 4 * SECTOR, (byte) 0);
        assertMended(damaged, layout.stripes() * 4, "half of it");
    }

    /** One byte of the parity object, whichever: the pack is mended all the same, and fsck says it. */
    @Test
    void damageToTheParityItselfVoidsNothing() throws IOException {
        write(10 * SECTOR + 9, 10, 1);
        byte[] parity = parity().clone();
        byte[] damaged = sound.clone();
        for (int i = 0; i < 3; i++) {
            damaged[i * 3 * SECTOR] ^= 1;
        }
        for (int at = 0; at < parity.length; at++) {
            byte[] flipped = parity.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            backend.put(Parity.objectName(pack), flipped);
            if (at % 97 == 0 || at < 100 || at > parity.length - 300) {
                assertMended(damaged, 3, "flipped at " + at);
                assertThrows(CorruptDataException.class, () -> MendedPack.checkParity(backend, pack), "at " + at);
            }
        }
        for (int length = 0; length < parity.length; length += 61) {
            backend.put(Parity.objectName(pack), Arrays.copyOf(parity, length));
            backend.put(object, damaged);
            if (length < ParityHead.SIZE) {
                assertThrows(CorruptDataException.class, () -> MendedPack.of(backend, object, pack));
            } else {
                MendedPack mended = MendedPack.of(backend, object, pack);
                assertTrue(mended.lostSectors() > 0 || Arrays.equals(sound, read(mended)), "cut to " + length);
            }
            assertThrows(CorruptDataException.class, () -> MendedPack.checkParity(backend, pack));
        }
    }

    @Test
    void parityOfAnotherPackIsNone() throws IOException {
        write(3 * SECTOR, 10, 1);
        byte[] parity = parity();
        write(3 * SECTOR, 10, 2);
        backend.put(Parity.objectName(pack), parity);
        assertThrows(CorruptDataException.class, () -> MendedPack.of(backend, object, pack));
        Parity.delete(backend, pack);
        assertThrows(NoSuchFileException.class, () -> MendedPack.of(backend, object, pack));
        Parity.delete(backend, pack);
    }

    @Test
    void whatIsThereIsNotWrittenAgain() throws IOException {
        write(3 * SECTOR, 10, 1);
        assertEquals(0, new ParityWriter(backend, 10).write(pack));
    }
}
