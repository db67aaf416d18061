package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.vhdx.read.VhdSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The file laid out as in the one that Windows wrote, whose reading DiskImagesTest checks. */
class VhdSetTest {
    private final ByteBuffer file = ByteBuffer.allocate(266_240).order(ByteOrder.LITTLE_ENDIAN);

    VhdSetTest() {
        file.put(0, "vhdsetv1".getBytes(StandardCharsets.US_ASCII));
        name("data.avhdx\0");
        header(64 << 10, 0, 256 << 10, 22);
        header(128 << 10, 1, 256 << 10, 22);
    }

    private void name(String name) {
        file.put(256 << 10, name.getBytes(StandardCharsets.UTF_16LE));
    }

    private void header(int at, long sequence, int dataOffset, int dataLength) {
        file.put(at, "shdr".getBytes(StandardCharsets.US_ASCII))
                .putInt(at + 4, 0xFFFFE000)
                .putLong(at + 8, sequence);
        file.putInt(at + 16, 1).putInt(at + 20, 0).putInt(at + 24, 7);
        file.putInt(at + 28, dataOffset).putInt(at + 32, dataLength);
        CRC32C crc = new CRC32C();
        crc.update(file.array(), at, 4096);
        file.putInt(at + 20, (int) crc.getValue());
    }

    private String read() throws IOException {
        return VhdSet.dataFile(new MemoryByteSource(file.array()));
    }

    @Test
    void nameOfTheDataFile() throws IOException {
        assertEquals("data.avhdx", read());
    }

    @Test
    void theLargerSequenceCountsAndADamagedHeaderDoesNot() throws IOException {
        file.put(257 << 10, "other.avhdx".getBytes(StandardCharsets.UTF_16LE));
        header(64 << 10, 2, 257 << 10, 22);
        assertEquals("other.avhdx", read());
        file.put((64 << 10) + 100, (byte) 1);
        assertEquals("data.avhdx", read());
        file.put((128 << 10) + 100, (byte) 1);
        assertThrows(CorruptDataException.class, this::read);
    }

    @Test
    void namesThatLeadElsewhere() {
        for (String name :
                new String[] {"..\\a.avhdx\0", "C:\\a.vhdx\0\0", "\\\\h\\s\\a\0\0\0", "NUL\0\0\0\0\0\0\0", "a:b\0"}) {
            name(name);
            IOException refused = assertThrows(CorruptDataException.class, this::read, name);
            assertTrue(refused.getMessage().contains("in the folder of the VHD Set"), refused.getMessage());
        }
    }

    @Test
    void lengthsThatLie() {
        for (int length : new int[] {0, 2, 3, 23, 65538, -2, Integer.MIN_VALUE}) {
            header(128 << 10, 1, 256 << 10, length);
            assertThrows(CorruptDataException.class, this::read, "length " + length);
        }
        for (int offset : new int[] {266_240, -2, Integer.MAX_VALUE}) {
            header(128 << 10, 1, offset, 22);
            assertThrows(CorruptDataException.class, this::read, "offset " + offset);
        }
    }

    /** Any bytes give a name or an error that says where. */
    @Test
    void everyByteFlippedAndEveryLength() throws IOException {
        for (int at = 0; at < file.capacity(); at += at < 40 || at % 65536 < 40 ? 1 : 4099) {
            byte[] flipped = file.array().clone();
            flipped[at] ^= 0x55;
            try {
                VhdSet.dataFile(new MemoryByteSource(flipped));
            } catch (CorruptDataException e) {
                assertTrue(e.offset() >= 0, e.getMessage());
            }
        }
        for (int length : new int[] {0, 7, 8, 65536, 69631, 135167, 262144, 262160}) {
            byte[] cut = java.util.Arrays.copyOf(file.array(), length);
            assertThrows(CorruptDataException.class, () -> VhdSet.dataFile(new MemoryByteSource(cut)));
        }
    }
}
