package io.varve.adapters.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.DiskImageContract;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SectorSizes;
import io.varve.engine.port.WindowsGuid;
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
        return putGpt(new byte[4096], 512, DISK);
    }

    private static byte[] putGpt(byte[] content, int at, UUID id) {
        ByteBuffer disk = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        disk.position(at);
        disk.put("EFI PART".getBytes(StandardCharsets.US_ASCII)).putInt(0x10000).putInt(92);
        WindowsGuid.put(disk, at + 56, id);
        CRC32 crc = new CRC32();
        crc.update(content, at, 92);
        disk.putInt(at + 16, (int) crc.getValue());
        return content;
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

    /** @param device its logical sectors; 0 for a file */
    private static String sectorsAndGuid(byte[] content, int device) throws IOException {
        ByteSource source = new MemoryByteSource(content) {
            @Override
            public Optional<SectorSizes> sectorSizes() {
                return device == 0 ? Optional.empty() : Optional.of(new SectorSizes(device, 4096));
            }
        };
        try (DiskImage image = RawDisk.open(source)) {
            String guid = image.guid().map(UUID::toString).orElse("none");
            return image.logicalSectorSize() + "/" + image.physicalSectorSize() + " " + guid;
        }
    }

    @Test
    void sectorsAreThoseOfTheDeviceOrOfWhereTheGptIs() throws IOException {
        UUID other = UUID.fromString("01020304-1111-4222-8333-444455556666");
        byte[] small = putGpt(new byte[20_000], 512, DISK);
        byte[] large = putGpt(new byte[20_000], 4096, DISK);
        byte[] both = putGpt(putGpt(new byte[20_000], 512, DISK), 4096, other);
        assertEquals("512/512 none", sectorsAndGuid(new byte[20_000], 0));
        assertEquals("512/512 " + DISK, sectorsAndGuid(small, 0));
        assertEquals("4096/4096 " + DISK, sectorsAndGuid(large, 0));
        assertEquals("512/512 " + DISK, sectorsAndGuid(both, 0));
        assertEquals("512/4096 none", sectorsAndGuid(new byte[20_000], 512));
        assertEquals("4096/4096 none", sectorsAndGuid(new byte[20_000], 4096));
        assertEquals("4096/4096 " + DISK, sectorsAndGuid(small, 4096));
        assertEquals("512/4096 " + DISK, sectorsAndGuid(large, 512));
        assertEquals("4096/4096 " + other, sectorsAndGuid(both, 4096));
        assertEquals("512/4096 " + DISK, sectorsAndGuid(both, 512));
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
