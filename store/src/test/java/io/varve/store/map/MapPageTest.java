package io.varve.store.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MapPageTest {
    private static MapPage page(int level) {
        MapPage page = MapPage.zero(level);
        for (int entry = 0; entry < 256; entry += 3) {
            byte[] id = new byte[32];
            new SplittableRandom(entry).nextBytes(id);
            page.set(entry, ChunkId.read(id, 0));
        }
        return page;
    }

    private static byte[] encode(MapPage page) {
        ByteBuffer bytes = ByteBuffer.allocate(MapPage.SIZE + 5);
        page.encode(bytes);
        return Arrays.copyOf(bytes.array(), bytes.remaining());
    }

    private static MapPage decode(byte[] bytes, int level) throws CorruptDataException {
        return MapPage.decode(ByteBuffer.wrap(bytes), "page", level);
    }

    @Test
    void bytesAreThoseOfTheFormat() throws CorruptDataException {
        byte[] bytes = encode(page(2));
        assertEquals(8208, bytes.length);
        assertArrayEquals(
                new byte[] {'V', 'M', 'A', 'P', 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, Arrays.copyOf(bytes, 16));
        MapPage decoded = decode(bytes, 2);
        assertEquals(2, decoded.level());
        assertTrue(decoded.sameIds(page(2)));
        for (int entry = 0; entry < 256; entry++) {
            assertEquals(ChunkId.read(bytes, 16 + 32 * entry), decoded.id(entry));
            assertTrue(decoded.is(entry, page(0).id(entry)));
            assertEquals(entry % 3 != 0, decoded.id(entry).isZero());
        }
    }

    @Test
    void otherLengthsAreRefused() {
        byte[] bytes = encode(page(0));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(CorruptDataException.class, () -> decode(cut, 0), "cut at " + length);
        }
        assertThrows(CorruptDataException.class, () -> decode(Arrays.copyOf(bytes, 8209), 0));
    }

    /** The header is refused; an id is just another id, which only the page's own id can tell. */
    @Test
    void everyFlippedByteIsRefusedOrAnotherPage() throws CorruptDataException {
        byte[] bytes = encode(page(1));
        for (int offset = 0; offset < bytes.length; offset++) {
            byte[] damaged = bytes.clone();
            damaged[offset] = (byte) (damaged[offset] ^ (1 << (offset % 8)));
            if (offset < 16) {
                CorruptDataException e =
                        assertThrows(CorruptDataException.class, () -> decode(damaged, 1), "at " + offset);
                assertEquals("page", e.file());
            } else {
                MapPage other = decode(damaged, 1);
                assertFalse(other.sameIds(page(1)));
                assertArrayEquals(damaged, encode(other));
            }
        }
    }

    @Test
    void anotherLevelThanTheParentSaysIsRefused() {
        for (int level : new int[] {0, 2, 255}) {
            assertThrows(CorruptDataException.class, () -> decode(encode(page(1)), level));
        }
    }

    @Test
    void aCopyIsAPageOfItsOwn() {
        MapPage page = page(0);
        MapPage copy = page.copy();
        copy.set(0, ChunkId.ZERO);
        assertNotEquals(page.id(0), copy.id(0));
        assertFalse(page.sameIds(copy));
        assertFalse(page.isZero());
        assertTrue(MapPage.zero(3).isZero());
    }
}
