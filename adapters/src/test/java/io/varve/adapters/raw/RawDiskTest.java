package io.varve.adapters.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.DiskImageContract;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.WindowsGuid;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawDiskTest extends DiskImageContract {
    private static final UUID DISK = UUID.fromString("6a1b2c3d-1111-4222-8333-444455556666");

    @TempDir
    Path folder;

    @Override
    protected DiskImage image(byte[] content) throws IOException {
        return RawDisk.open(ByteSources.open(Files.write(folder.resolve("disk"), content), Reader.AUTO));
    }

    @Override
    protected String format() {
        return "raw";
    }

    private static byte[] withGpt() {
        ByteBuffer disk = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        disk.position(512);
        disk.put("EFI PART".getBytes(StandardCharsets.US_ASCII)).putInt(0x10000).putInt(92);
        WindowsGuid.put(disk, 512 + 56, DISK);
        CRC32 crc = new CRC32();
        crc.update(disk.array(), 512, 92);
        disk.putInt(512 + 16, (int) crc.getValue());
        return disk.array();
    }

    private static Optional<UUID> guidOf(byte[] content) throws IOException {
        try (DiskImage image = RawDisk.open(new MemoryByteSource(content))) {
            return image.guid();
        }
    }

    @Test
    void guidComesFromSoundGptOnly() throws IOException {
        byte[] good = withGpt();
        assertEquals(Optional.of(DISK), guidOf(good));
        for (int at = 512; at < 512 + 92; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x40;
            assertEquals(Optional.empty(), guidOf(bad), "byte " + at);
        }
        for (int length = 0; length < 1024; length++) {
            assertTrue(guidOf(Arrays.copyOf(good, length)).isEmpty());
        }
    }

    @Test
    void anySizeIsLegal() throws IOException {
        for (int size : new int[] {0, 1, 511, 512, 513, 1025}) {
            try (DiskImage image = RawDisk.open(new MemoryByteSource(new byte[size]))) {
                assertEquals(size, image.size());
                image.read(0, ByteBuffer.allocate(size));
            }
        }
    }
}
