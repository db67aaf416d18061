package io.varve.engine.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WindowsGuidTest {
    @Test
    void bytesAreMixedEndian() {
        UUID guid = UUID.fromString("2DC27766-F623-4200-9D64-115E9BFD4A08");
        byte[] bytes = HexFormat.of().parseHex("006677c22d23f600429d64115e9bfd4a08");
        assertEquals(guid, WindowsGuid.get(ByteBuffer.wrap(bytes), 1));
        ByteBuffer put = ByteBuffer.allocate(17);
        WindowsGuid.put(put, 1, guid);
        assertArrayEquals(bytes, put.array());
    }
}
