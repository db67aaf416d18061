package io.varve.adapters.vhdx.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.DiskTargetContract;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.TargetClaim;
import io.varve.adapters.vhdx.LoggedVhdx;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExistingVhdxTest extends DiskTargetContract {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("disk.vhdx");
    }

    private void make(long size) throws IOException {
        try (DiskTarget target = VhdxTarget.create(file(), NewVhdx.ofSize(size).withBlockSize(MIB), true)) {
            target.commit();
        }
    }

    @Override
    protected DiskTarget target(long size) throws IOException {
        make(size);
        return ExistingVhdx.open(file());
    }

    @Override
    protected DiskImage written() throws IOException {
        return VhdxDisk.open(ByteSources.open(file(), Reader.DIRECT));
    }

    private UUID dataWriteGuid() throws IOException {
        try (VhdxDisk disk = (VhdxDisk) written()) {
            return disk.dataWriteGuid();
        }
    }

    @Test
    void onlyWritingChangesTheGuidOfTheData() throws IOException {
        make(8 * MIB);
        UUID before = dataWriteGuid();
        byte[] bytes = Files.readAllBytes(file());
        try (ExistingVhdx disk = ExistingVhdx.open(file())) {
            disk.read(0, ByteBuffer.allocate(4096));
            disk.commit();
        }
        assertArrayEquals(bytes, Files.readAllBytes(file()));
        try (ExistingVhdx disk = ExistingVhdx.open(file())) {
            disk.write(3 * MIB + 5, ByteBuffer.wrap(new byte[] {7}));
            assertEquals(RangeSet.of(new Range(3 * MIB, MIB)), disk.allocated(new Range(0, 8 * MIB)));
            ByteBuffer read = ByteBuffer.allocate(3);
            disk.read(3 * MIB + 4, read);
            assertArrayEquals(new byte[] {0, 7, 0}, read.array());
            disk.commit();
        }
        assertNotEquals(before, dataWriteGuid());
    }

    @Test
    void aDifferencingDiskIsRefused() throws IOException {
        make(8 * MIB);
        Path child = folder.resolve("child.avhdx");
        NewVhdx shape =
                NewVhdx.ofSize(8 * MIB).withBlockSize(MIB).asChildOf(NewParent.at(file(), child, dataWriteGuid()));
        try (DiskTarget target = VhdxDifferenceTarget.create(child, shape, true)) {
            target.commit();
        }
        TargetException refused = assertThrows(TargetException.class, () -> ExistingVhdx.open(child));
        assertTrue(refused.getMessage().contains("differencing"), refused.getMessage());
        Files.write(child, new byte[MIB]);
        TargetException none = assertThrows(TargetException.class, () -> ExistingVhdx.open(child));
        assertTrue(none.getMessage().contains("vhdxfile"), none.getMessage());
    }

    /** A file in memory, and every state that a crash could leave: writes up to each moment, in their order. */
    private static final class Recorded implements OpenVhdx {
        private byte[] bytes;
        private final List<byte[]> states = new ArrayList<>();
        private int forces;

        Recorded(byte[] bytes) {
            this.bytes = bytes;
            states.add(bytes.clone());
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public String location() {
            return "recorded";
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            checkInside(offset, target.remaining());
            target.put(bytes, (int) offset, target.remaining());
        }

        @Override
        public RangeSet dataRanges(Range window) {
            return RangeSet.of(window);
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            int length = source.remaining();
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, (int) offset + length));
            source.get(bytes, (int) offset, length);
            states.add(bytes.clone());
        }

        @Override
        public void force() {
            forces++;
        }

        @Override
        public void close() {}
    }

    @Test
    void aCrashAtAnyWriteLeavesASoundDisk() throws IOException {
        make(6 * MIB);
        Recorded recorded = new Recorded(Files.readAllBytes(file()));
        byte[] old = new byte[6 * MIB];
        byte[] wanted = old.clone();
        try (ExistingVhdx disk = ExistingVhdx.open(recorded, TargetClaim.NONE)) {
            for (int block : new int[] {4, 1}) {
                byte[] data = new byte[5000];
                Arrays.fill(data, (byte) block);
                System.arraycopy(data, 0, wanted, block * MIB + 77, data.length);
                disk.write(block * MIB + 77, ByteBuffer.wrap(data));
            }
            disk.commit();
        }
        assertTrue(recorded.forces >= 6, "" + recorded.forces);
        int withNew = 0;
        for (byte[] state : recorded.states) {
            try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(state))) {
                byte[] content = contentOf(disk);
                boolean isOld = Arrays.equals(old, content);
                assertTrue(isOld || Arrays.equals(wanted, content));
                withNew += isOld ? 0 : 1;
            }
        }
        // From the header that names the log on: the table, and the header that ends it.
        assertEquals(3, withNew);
    }

    @Test
    void whatALogHoldsIsWrittenWhereItBelongs() throws IOException {
        LoggedVhdx logged = new LoggedVhdx();
        logged.write(0, 3);
        logged.write(5, 9);
        Recorded recorded = new Recorded(logged.file);
        byte[] before;
        try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(logged.file.clone()))) {
            ByteBuffer one = ByteBuffer.allocate(1);
            disk.read(0, one);
            before = one.array();
            assertEquals(3, before[0]);
        }
        ExistingVhdx.open(recorded, TargetClaim.NONE).close();
        for (byte[] state : recorded.states) {
            try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(state))) {
                ByteBuffer one = ByteBuffer.allocate(1);
                disk.read(0, one);
                assertArrayEquals(before, one.array());
            }
        }
        Recorded again = new Recorded(recorded.bytes);
        ExistingVhdx.open(again, TargetClaim.NONE).close();
        assertEquals(1, again.states.size(), "the log was not ended");
    }
}
