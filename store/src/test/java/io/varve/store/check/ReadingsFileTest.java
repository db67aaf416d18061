package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A record of readings, byte for byte. */
class ReadingsFileTest {
    private static final UUID REPOSITORY = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    private static final String NAME = "checks/20261121T020000Z-1f3a9c2e";

    private final SortedMap<ChunkId, Reading> readings = new TreeMap<>();
    private final byte[] file;

    ReadingsFileTest() {
        readings.put(pack(1), new Reading(1_700_000_000, 0, 0));
        readings.put(pack(2), new Reading(1_700_000_000, 1_700_000_001, 7));
        readings.put(pack(3), new Reading(0, 0, Long.MAX_VALUE));
        file = ReadingsFile.encode(REPOSITORY, readings);
    }

    private static ChunkId pack(int number) {
        return new ChunkHasher().id(new byte[] {(byte) number});
    }

    private static void assertCorrupt(byte[] bytes, String what) {
        assertThrows(CorruptDataException.class, () -> ReadingsFile.decode(bytes, REPOSITORY, NAME), what);
    }

    @Test
    void thereAndBack() throws CorruptDataException {
        assertEquals(readings, ReadingsFile.decode(file, REPOSITORY, NAME));
        SortedMap<ChunkId, Reading> none = new TreeMap<>();
        assertEquals(none, ReadingsFile.decode(ReadingsFile.encode(REPOSITORY, none), REPOSITORY, NAME));
    }

    /** The table in docs/format.md, read without the code that wrote it. */
    @Test
    void isWhatTheFormatSays() {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals("VRVREADS", new String(file, 0, 8, java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(1, bytes.getInt(8));
        assertEquals(3, bytes.getInt(12));
        assertEquals(0x01, file[16]);
        assertEquals((byte) 0xef, file[31]);
        assertEquals(readings.firstKey(), ChunkId.read(file, 32));
        assertEquals(readings.get(readings.firstKey()).readAt(), bytes.getLong(64));
        assertEquals(32 + 3 * 56 + 16, file.length);
        assertEquals(XxHash.hash128(file, 0, 200)[0], bytes.getLong(200));
        assertEquals(XxHash.hash128(file, 0, 200)[1], bytes.getLong(208));
    }

    @Test
    void damageShows() {
        for (int length = 0; length < file.length; length++) {
            assertCorrupt(Arrays.copyOf(file, length), "cut at " + length);
        }
        assertCorrupt(Arrays.copyOf(file, file.length + 1), "longer");
        for (int at = 0; at < file.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = file.clone();
                damaged[at] = (byte) (damaged[at] ^ 1 << bit);
                assertCorrupt(damaged, "flipped at " + at);
            }
        }
    }

    /** Right hashes over wrong content. */
    @Test
    void liesAreRefused() {
        assertCorrupt(lie(bytes -> bytes.putInt(8, 2)), "another version");
        assertCorrupt(lie(bytes -> bytes.putInt(12, 2)), "fewer entries than there are");
        assertCorrupt(lie(bytes -> bytes.putInt(12, Integer.MAX_VALUE)), "many entries");
        assertCorrupt(lie(bytes -> bytes.putInt(12, -1)), "less than none");
        assertCorrupt(lie(bytes -> bytes.put(16, (byte) 9)), "another repository");
        assertCorrupt(lie(bytes -> bytes.putLong(64, -1)), "before all time");
        assertCorrupt(lie(bytes -> bytes.put(32, (byte) 0xFF)), "out of order");
    }

    private byte[] lie(java.util.function.Consumer<ByteBuffer> change) {
        ByteBuffer bytes = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(bytes);
        long[] hash = XxHash.hash128(bytes.array(), 0, file.length - 16);
        bytes.putLong(file.length - 16, hash[0]).putLong(file.length - 8, hash[1]);
        return bytes.array();
    }
}
