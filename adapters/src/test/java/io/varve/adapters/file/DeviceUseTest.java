package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk with two partitions, an encrypted volume on one of them, as sysfs shows them; nothing of it is real. */
class DeviceUseTest {
    @TempDir
    Path folder;

    private Path disk;
    private Path second;
    private Path volume;
    private Path proc;

    @BeforeEach
    void trees() throws IOException {
        Path devices = folder.resolve("sys/devices");
        disk = device(devices.resolve("sdx"), "8:160");
        device(disk.resolve("sdx1"), "8:161");
        Files.writeString(disk.resolve("sdx1/partition"), "1\n");
        second = device(disk.resolve("sdx2"), "8:162");
        Files.writeString(second.resolve("partition"), "2\n");
        volume = device(devices.resolve("dm-7"), "253:7");
        Files.writeString(Files.createDirectory(volume.resolve("dm")).resolve("name"), "vg-data\n");
        Files.createSymbolicLink(second.resolve("holders/dm-7"), volume);
        Path loops = Files.createDirectories(folder.resolve("sys/block"));
        Path loop = Files.createDirectories(loops.resolve("loop3/loop")).getParent();
        Files.writeString(loop.resolve("dev"), "7:3\n");
        Files.writeString(loop.resolve("ro"), "1\n");
        Files.writeString(loop.resolve("loop/backing_file"), folder.resolve("image") + "\n");
        proc = Files.createDirectories(folder.resolve("proc/self")).getParent();
        mounts();
        Files.writeString(proc.resolve("swaps"), "Filename Type Size Used Priority\n");
        Assumptions.assumeTrue(Files.isSymbolicLink(second.resolve("holders/dm-7")), "no links here");
    }

    private static Path device(Path folder, String number) throws IOException {
        Files.createDirectories(folder.resolve("holders"));
        Files.writeString(folder.resolve("dev"), number + "\n");
        return folder;
    }

    private void mounts(String... lines) throws IOException {
        String usual = "22 1 0:21 / /proc rw,nosuid - proc proc rw\n";
        Files.writeString(proc.resolve("self/mountinfo"), usual + String.join("\n", lines));
    }

    private DeviceUse.Uses uses(Path device) {
        return new DeviceUse(folder.resolve("sys"), proc).ofFolder(device);
    }

    @Test
    void nothingMounted() {
        assertEquals(
                List.of("partition sdx2: part of vg-data (dm-7)"), uses(disk).all());
        assertEquals(List.of("part of vg-data (dm-7)"), uses(second).readers());
        assertEquals(List.of(), uses(disk.resolve("sdx1")).all());
        assertEquals(List.of(), uses(volume).all());
    }

    @Test
    void mountsAreFoundThroughPartitionsAndWhatIsBuiltOnThem() throws IOException {
        mounts(
                "30 1 8:161 / /boot\\040old rw,relatime shared:1 master:2 - ext4 /dev/sdx1 rw",
                "31 1 253:7 / /data ro,relatime - xfs /dev/mapper/vg-data rw,attr2");
        // The last one is mounted read-only here; its file system may write all the same.
        assertEquals(
                List.of("partition sdx1: mounted at /boot old", "vg-data (dm-7): mounted at /data"),
                uses(disk).writers());
        assertEquals(List.of("vg-data (dm-7): mounted at /data"), uses(second).writers());
        assertEquals(List.of("mounted at /data"), uses(volume).writers());
        assertEquals(List.of("mounted at /boot old"), uses(disk.resolve("sdx1")).writers());
    }

    @Test
    void aReadOnlyFileSystemDoesNotWriteButIsRuined() throws IOException {
        mounts("30 1 8:161 / /boot ro,relatime - ext4 /dev/sdx1 ro");
        assertEquals(List.of(), uses(disk.resolve("sdx1")).writers());
        assertEquals(
                List.of("mounted at /boot (read-only)"),
                uses(disk.resolve("sdx1")).readers());
    }

    @Test
    void loopDevicesOverAFile() throws IOException {
        Path image = Files.write(folder.resolve("image"), new byte[1]);
        mounts("30 1 7:3 / /mnt ro,relatime - ext4 /dev/loop3 ro");
        DeviceUse.Uses uses = new DeviceUse(folder.resolve("sys"), proc).loopsOver(image);
        assertEquals(List.of(), uses.writers());
        assertEquals(List.of("content of the loop device /dev/loop3 (mounted at /mnt (read-only))"), uses.readers());
    }

    @Test
    void swapFiles() throws IOException {
        Path swap = Files.write(folder.resolve("swap"), new byte[1]);
        Files.writeString(proc.resolve("swaps"), "Filename Type\n" + swap + " file 1024 0 -2\n");
        assertEquals(true, new DeviceUse(folder.resolve("sys"), proc).isSwap(swap));
        assertEquals(false, new DeviceUse(folder.resolve("sys"), proc).isSwap(folder.resolve("other")));
    }

    @Test
    void sectorSizesOfDisksAndPartitions() throws IOException {
        Path queue = Files.createDirectory(disk.resolve("queue"));
        String[][] cases = {
            {"512", "512", "512", "512"},
            {"512", "4096", "512", "4096"},
            {"4096", "4096", "4096", "4096"},
            {"512", "16384", "512", "4096"},
            {"2048", "2048", "512", "512"}
        };
        for (String[] sizes : cases) {
            Files.writeString(queue.resolve("logical_block_size"), sizes[0] + "\n");
            Files.writeString(queue.resolve("physical_block_size"), sizes[1] + "\n");
            for (Path device : List.of(disk, second)) {
                var found = BlockDevice.sectorSizesIn(device).orElseThrow();
                assertEquals(sizes[2] + "/" + sizes[3], found.logical() + "/" + found.physical());
            }
        }
        assertEquals(true, BlockDevice.sectorSizesIn(volume).isEmpty());
        assertEquals("8:160", BlockDevice.number(0x8A0));
        assertEquals("259:70000", BlockDevice.number(259L << 8 | 70000 & 0xFF | (70000L & ~0xFFL) << 12));
    }
}
