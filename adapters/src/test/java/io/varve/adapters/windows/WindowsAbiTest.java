package io.varve.adapters.windows;

import static io.varve.adapters.contract.AbiTable.offset;
import static io.varve.adapters.contract.AbiTable.size;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WindowsAbiTest {
    @Test
    void structures() {
        assertEquals(size("GUID"), Guids.SIZE);
        assertEquals(size("OVERLAPPED"), WindowsAbi.OVERLAPPED_SIZE);
        assertEquals(offset("OVERLAPPED.Offset"), WindowsAbi.OVERLAPPED_OFFSET);
        assertEquals(offset("OVERLAPPED.OffsetHigh"), WindowsAbi.OVERLAPPED_OFFSET_HIGH);
        assertEquals(offset("OVERLAPPED.hEvent"), WindowsAbi.OVERLAPPED_EVENT);
    }

    @Test
    void a32BitJavaIsRefusedByName() throws IOException {
        WindowsFiles.checkHost(true, true);
        IOException java32 = assertThrows(IOException.class, () -> WindowsFiles.checkHost(true, false));
        assertTrue(java32.getMessage().contains("64-bit Java"), java32.getMessage());
        IOException elsewhere = assertThrows(IOException.class, () -> WindowsFiles.checkHost(false, true));
        assertTrue(elsewhere.getMessage().contains("expected 64-bit Windows"), elsewhere.getMessage());
    }

    @Test
    void guidsAreLittleEndianInTheirFirstThreeParts() {
        UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        byte[] expected = {
            0x33,
            0x22,
            0x11,
            0x00,
            0x55,
            0x44,
            0x77,
            0x66,
            (byte) 0x88,
            (byte) 0x99,
            (byte) 0xaa,
            (byte) 0xbb,
            (byte) 0xcc,
            (byte) 0xdd,
            (byte) 0xee,
            (byte) 0xff
        };
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                expected, Guids.of(id).getByteArray(0, Guids.SIZE));
        assertEquals(id, Guids.read(Guids.of(id), 0));
    }
}
