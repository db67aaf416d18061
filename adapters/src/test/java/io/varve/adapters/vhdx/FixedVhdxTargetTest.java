package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.contract.NewFileTargetContract;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FixedVhdxTargetTest extends NewFileTargetContract {
    private static final int MIB = 1 << 20;

    @Override
    protected DiskTarget create(Path name, long size, boolean replace) throws IOException {
        return VhdxTarget.create(name, NewVhdx.ofSize(size).asFixed().withBlockSize(MIB), replace);
    }

    @Override
    protected DiskImage written() throws IOException {
        return disk();
    }

    private VhdxDisk disk() throws IOException {
        return VhdxDisk.open(ByteSources.open(folder.resolve("disk"), Reader.DIRECT));
    }

    @Test
    void everyBlockHasItsPlaceInOrder() throws IOException {
        long size = (4L << 30) + 5 * MIB - 512; // into the second chunk, with a last block that is not whole
        try (DiskTarget target = create(folder.resolve("disk"), size, false)) {
            target.write(size - 512, ByteBuffer.wrap(new byte[] {7}));
            target.write(MIB, ByteBuffer.wrap(new byte[] {3}));
            target.commit();
        }
        long first = 4L * MIB; // header, log, metadata, table
        assertEquals(first + (4L << 30) + 5 * MIB, Files.size(folder.resolve("disk")));
        try (VhdxDisk disk = disk()) {
            assertEquals("vhdx-fixed", disk.format());
            assertEquals(
                    List.of(new Segment(0, size, PayloadState.FULLY_PRESENT, 0, first)),
                    disk.addressMap().segments(new Range(0, size)));
        }
    }
}
