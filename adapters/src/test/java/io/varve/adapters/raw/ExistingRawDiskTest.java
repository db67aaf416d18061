package io.varve.adapters.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.DiskTargetContract;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExistingRawDiskTest extends DiskTargetContract {
    @TempDir
    Path folder;

    @Override
    protected DiskTarget target(long size) throws IOException {
        return ExistingRawDisk.open(Files.write(folder.resolve("disk"), new byte[(int) size]), size);
    }

    @Override
    protected DiskImage written() throws IOException {
        return RawDisk.open(ByteSources.open(folder.resolve("disk"), Reader.MAPPED));
    }

    @Test
    void tailBehindTheDiskStays() throws IOException {
        Path file = Files.write(folder.resolve("disk"), new byte[] {1, 2, 3, 4, 5});
        try (ExistingRawDisk disk = ExistingRawDisk.open(file, 3)) {
            assertEquals(3, disk.size());
            assertEquals(2, disk.tailLength());
            ByteBuffer present = ByteBuffer.allocate(3);
            disk.read(0, present);
            assertArrayEquals(new byte[] {1, 2, 3}, present.array());
            assertThrows(IndexOutOfBoundsException.class, () -> disk.read(1, ByteBuffer.allocate(3)));
            disk.zero(new Range(0, 2));
            disk.write(2, ByteBuffer.wrap(new byte[] {9}));
            disk.commit();
        }
        assertArrayEquals(new byte[] {0, 0, 9, 4, 5}, Files.readAllBytes(file));
    }

    @Test
    void holesAreKnownUntilTheyAreWritten() throws IOException {
        Path file = folder.resolve("disk");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }
        Range all = new Range(0, 1L << 30);
        try (ExistingRawDisk disk = ExistingRawDisk.open(file, 1L << 30)) {
            RangeSet before = disk.allocated(all);
            disk.write(300L << 20, ByteBuffer.wrap(new byte[] {1}));
            RangeSet after = disk.allocated(all);
            assertTrue(after.contains(300L << 20));
            Assumptions.assumeTrue(after.totalLength() < 1L << 30, "this file system or system tells no holes");
            assertEquals(RangeSet.empty(), before);
            assertTrue(after.totalLength() <= 1 << 20, "" + after);
        }
    }

    @Test
    void smallerFileIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("disk"), new byte[10]);
        TargetException small = assertThrows(TargetException.class, () -> ExistingRawDisk.open(file, 11));
        assertTrue(small.getMessage().contains("too small"), small.getMessage());
        assertThrows(TargetException.class, () -> ExistingRawDisk.open(folder.resolve("missing"), 1));
        assertEquals(10, Files.size(file));
    }
}
