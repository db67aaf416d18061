package io.varve.store.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChunkIdTest {
    /** FIPS 180-2, appendix B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void anIdIsTheSha256OfTheContent() {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        ChunkHasher hasher = new ChunkHasher();
        assertEquals(ABC, hasher.id(abc).hex());
        ByteBuffer direct =
                ByteBuffer.allocateDirect(10).put(4, abc).position(4).limit(7);
        assertEquals(ABC, hasher.id(direct).hex());
        assertEquals(4, direct.position());
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                hasher.id(new byte[0]).hex(),
                "a hasher starts anew each time");
    }

    @Test
    void textAndBytesAreTheSameId() {
        ChunkId id = ChunkId.parse(ABC);
        assertEquals(ABC, id.hex());
        assertArrayEquals(HexFormat.of().parseHex(ABC), id.toBytes());
        assertEquals("ba7816bf8f01", id.toString());
        byte[] array = new byte[40];
        Arrays.fill(array, (byte) 9);
        id.write(array, 5);
        assertEquals(id, ChunkId.read(array, 5));
        assertEquals(9, array[4]);
        assertEquals(9, array[37]);
        assertTrue(id.isAt(array, 5));
        for (int i = 5; i < 37; i++) {
            array[i]++;
            assertFalse(id.isAt(array, 5), "byte " + i);
            assertNotEquals(id, ChunkId.read(array, 5), "byte " + i);
            array[i]--;
        }
        assertEquals(id.hashCode(), ChunkId.read(array, 5).hashCode());
    }

    @Test
    void theFirstWordsAreTheFirstBytes() {
        ChunkId id = ChunkId.parse(ABC);
        assertEquals(0xba7816bf8f01cfeaL, id.firstWord());
        assertEquals(0x414140de5dae2223L, id.secondWord());
    }

    @Test
    void whatIsNoIdIsRefused() {
        for (String text : new String[] {
            "", ABC.substring(1), ABC + "0", ABC.substring(1) + "g", " " + ABC.substring(1), "-" + ABC.substring(1)
        }) {
            assertThrows(IllegalArgumentException.class, () -> ChunkId.parse(text), text);
        }
    }

    /** As unsigned bytes, the way RocksDB and a listing sort them. */
    @Test
    void orderIsThatOfTheBytes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] a = new byte[32];
            random.nextBytes(a);
            byte[] b = a.clone();
            for (int i = random.nextInt(32); i < 32; i++) {
                b[i] = (byte) random.nextInt(256);
            }
            int expected = Integer.signum(Arrays.compareUnsigned(a, b));
            ChunkId left = ChunkId.read(a, 0);
            ChunkId right = ChunkId.read(b, 0);
            assertEquals(expected, Integer.signum(left.compareTo(right)), "seed " + seed);
            assertEquals(-expected, Integer.signum(right.compareTo(left)), "seed " + seed);
            assertEquals(expected == 0, left.equals(right), "seed " + seed);
            assertEquals(expected, Integer.signum(left.hex().compareTo(right.hex())), "seed " + seed);
        }
    }

    @Test
    void zeroIsNoDigest() {
        assertTrue(ChunkId.ZERO.isZero());
        assertEquals("0".repeat(64), ChunkId.ZERO.hex());
        assertEquals("ZERO", ChunkId.ZERO.toString());
        for (int i = 0; i < 32; i++) {
            byte[] almost = new byte[32];
            almost[i] = 1;
            assertFalse(ChunkId.read(almost, 0).isZero(), "byte " + i);
        }
    }
}
