package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.Program;
import io.varve.adapters.raw.ExistingRawDisk;
import io.varve.adapters.raw.RawDisk;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.TargetInUseException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop device that is mounted or written to, where this system lets the test make one. */
class DeviceInUseTest {
    private static final int SIZE = 16 << 20;

    @TempDir
    Path folder;

    private Path device;
    private Path mountPoint;

    @BeforeEach
    void loopDevice() throws IOException {
        device = loop(512);
        mountPoint = Files.createDirectory(folder.resolve("mnt"));
    }

    private Path loop(int sectorSize) throws IOException {
        Path file = folder.resolve("backing-" + sectorSize);
        try (RandomAccessFile backing = new RandomAccessFile(file.toFile(), "rw")) {
            backing.setLength(SIZE);
        }
        Program.Result made =
                Program.run("losetup", "--find", "--show", "--sector-size", "" + sectorSize, file.toString());
        Assumptions.assumeTrue(made.exitCode() == 0, "no loop device can be made here: " + made.output());
        return Path.of(made.output().strip());
    }

    @AfterEach
    void remove() throws IOException {
        if (device != null) {
            Program.run("umount", mountPoint.toString());
            Program.run("losetup", "--detach", device.toString());
        }
    }

    private void mount(String... options) throws IOException {
        Program.Result made = Program.run("mkfs.ext4", "-q", device.toString());
        Assumptions.assumeTrue(made.exitCode() == 0, "no file system can be made here: " + made.output());
        String how = String.join(",", options);
        Program.Result mounted = Program.run("mount", "-o", how, device.toString(), mountPoint.toString());
        Assumptions.assumeTrue(mounted.exitCode() == 0, "nothing can be mounted here: " + mounted.output());
    }

    private void assertNotWritten() {
        TargetInUseException refused =
                assertThrows(TargetInUseException.class, () -> ExistingRawDisk.open(device, 4096));
        assertTrue(refused.getMessage().contains("mounted at " + mountPoint), refused.getMessage());
        assertTrue(refused.getMessage().contains("--force"), refused.getMessage());
    }

    @Test
    void aMountedDeviceIsNoTargetAndNoFrozenSource() throws IOException {
        mount("rw");
        assertNotWritten();
        try (ByteSource source = ByteSources.open(device, Reader.DIRECT)) {
            List<Disturbance> found = source.disturbances();
            assertEquals(Disturbance.IN_USE, found.get(0).code());
            assertTrue(found.get(0).what().contains("mounted at " + mountPoint), "" + found);
        }
        try (ExistingRawDisk forced = ExistingRawDisk.openInUse(device, 4096)) {
            forced.read(0, ByteBuffer.allocate(4096));
        }
    }

    @Test
    void aDeviceMountedReadOnlyIsNoTargetButAFrozenSource() throws IOException {
        mount("ro");
        assertNotWritten();
        try (ByteSource source = ByteSources.open(device, Reader.DIRECT)) {
            assertEquals(List.of(), source.disturbances());
        }
    }

    @Test
    void aFileWhoseLoopDeviceIsMountedIsNoTarget() throws IOException {
        mount("rw");
        Path file = folder.resolve("backing-512");
        TargetInUseException refused = assertThrows(TargetInUseException.class, () -> ExistingRawDisk.open(file, 4096));
        assertTrue(refused.getMessage().contains("loop device " + device), refused.getMessage());
        assertTrue(refused.getMessage().contains("mounted at " + mountPoint), refused.getMessage());
    }

    @Test
    void whileItIsWrittenNobodyMountsIt() throws IOException {
        Assumptions.assumeTrue(LinuxCalls.isUsable(), "no native calls here");
        Program.Result made = Program.run("mkfs.ext4", "-q", device.toString());
        Assumptions.assumeTrue(made.exitCode() == 0, "no file system can be made here: " + made.output());
        try (ExistingRawDisk target = ExistingRawDisk.open(device, 4096)) {
            assertEquals(SIZE - 4096, target.tailLength());
            assertNotEquals(
                    0,
                    Program.run("mount", device.toString(), mountPoint.toString())
                            .exitCode());
            assertThrows(TargetInUseException.class, () -> ExistingRawDisk.open(device, 4096), "two restores");
        }
        ExistingRawDisk.open(device, 4096).close();
        Program.Result mounted = Program.run("mount", device.toString(), mountPoint.toString());
        assertEquals(0, mounted.exitCode(), mounted.output());
    }

    /** As a file system over several devices does, or one in another container. */
    @Test
    void aHolderThatCannotBeSeen() {
        Assumptions.assumeTrue(LinuxCalls.isUsable(), "no native calls here");
        int holder = LinuxCalls.openExclusive(device);
        assertTrue(holder >= 0, "" + holder);
        try {
            assertEquals(List.of("held by a file system or program not visible from here"), FileUse.writers(device));
        } finally {
            LinuxCalls.close(holder);
        }
        assertEquals(List.of(), FileUse.users(device));
    }

    @Test
    void whatIsWrittenToADeviceIsSeenWhileItIsInTheCacheOnly() throws IOException {
        try (ByteSource source = ByteSources.open(device, Reader.DIRECT)) {
            try (FileChannel writer = FileChannel.open(device, StandardOpenOption.WRITE)) {
                List<Disturbance> open = source.disturbances();
                assertEquals(List.of(Disturbance.IN_USE), codes(open));
                assertTrue(
                        open.get(0)
                                .what()
                                .contains("process " + ProcessHandle.current().pid()),
                        "" + open);
                writer.write(ByteBuffer.wrap(new byte[4096]), 8192);
            }
            List<Disturbance> written = source.disturbances();
            assertEquals(List.of(Disturbance.CHANGED), codes(written));
            assertTrue(written.get(0).what().contains(" of 512 bytes written"), "" + written);
        }
        try (ByteSource source = ByteSources.open(device, Reader.DIRECT)) {
            source.read(0, ByteBuffer.allocate(1 << 20));
            assertEquals(List.of(), source.disturbances());
        }
    }

    private static List<String> codes(List<Disturbance> disturbances) {
        return disturbances.stream().map(Disturbance::code).toList();
    }

    @Test
    void aDeviceSaysWhatItsSectorsAre() throws IOException {
        try (RawDisk disk = RawDisk.open(ByteSources.open(device, Reader.DIRECT))) {
            assertEquals(512, disk.logicalSectorSize());
        }
        Program.run("losetup", "--detach", device.toString());
        device = loop(4096);
        try (RawDisk disk = RawDisk.open(ByteSources.open(device, Reader.DIRECT))) {
            assertEquals(4096, disk.logicalSectorSize());
            assertEquals(4096, disk.physicalSectorSize());
        }
        try (ExistingRawDisk target = ExistingRawDisk.open(device, 4096)) {
            assertEquals(4096, target.sectorSizes().orElseThrow().logical());
        }
    }
}
