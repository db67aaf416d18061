package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.SharedImages;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxDescription;
import io.varve.adapters.vhdx.read.VhdxDescription.Row;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VhdxDescriptionTest {
    @TempDir
    Path folder;

    private static List<Row> rows(byte[] file) throws IOException {
        return VhdxDescription.of(new MemoryByteSource(file));
    }

    private static String value(List<Row> rows, String section, String field) {
        return rows.stream()
                .filter(row -> row.section().equals(section) && row.field().equals(field))
                .map(Row::value)
                .collect(Collectors.joining(" | "));
    }

    @Test
    void soundFile() throws IOException {
        List<Row> rows = rows(SmallVhdx.builder().build());
        assertTrue(rows.stream().noneMatch(Row::isProblem), rows.toString());
        assertEquals("test", value(rows, "file", "creator"));
        assertEquals("header 2", value(rows, "headers", "current"));
        assertEquals("7", value(rows, "header 2", "sequence number"));
        assertEquals("block size 1048576", value(rows, "metadata", "file parameters"));
        assertEquals(Long.toString(SmallVhdx.SIZE), value(rows, "metadata", "virtual disk size"));
        assertEquals("33221100-5544-7766-8899-aabbccddeeff", value(rows, "metadata", "virtual disk id"));
        assertEquals("dynamic", value(rows, "disk", "type"));
        assertEquals("2", value(rows, "BAT", "blocks fully present"));
        assertEquals("1", value(rows, "BAT", "blocks zero"));
        assertEquals("1", value(rows, "BAT", "blocks not present"));
        assertEquals("4", value(rows, "BAT", "blocks"));
    }

    @Test
    void damageIsOneRowAndTheRestFollows() throws IOException {
        byte[] file = SmallVhdx.builder().build();
        file[0] = 'x';
        file[(64 << 10) + 100] ^= 1;
        file[(192 << 10) + 100] ^= 1;
        ByteBuffer.wrap(file).put(3 * SmallVhdx.MIB, (byte) 7).put(3 * SmallVhdx.MIB + 10, (byte) 1);
        List<Row> rows = rows(file);
        assertTrue(value(rows, "file", "problem").contains("vhdxfile"), rows.toString());
        assertTrue(value(rows, "header 1", "problem").contains("checksum"), rows.toString());
        assertEquals("header 2", value(rows, "headers", "current"));
        assertEquals("region table 2", value(rows, "region tables", "used"));
        assertTrue(value(rows, "BAT", "problem").contains("block 0"), rows.toString());
        assertEquals("2", value(rows, "BAT", "blocks fully present"));
    }

    @Test
    void differentRegionTablesAreTold() throws IOException {
        byte[] file = SmallVhdx.builder().build();
        file[(256 << 10) + 16 + 18] = 0x40;
        VhdxBuilder.seal(file, 256 << 10, 65536);
        assertTrue(value(rows(file), "region tables", "problem").contains("different"));
    }

    @Test
    void differencingDiskNamesItsParent() throws IOException {
        SharedImages.Image image = SharedImages.named("dfvfs/ntfs-differential.vhdx");
        try (ByteSource source = ByteSources.open(SharedImages.unpack(image, folder), Reader.DIRECT)) {
            List<Row> rows = VhdxDescription.of(source);
            assertEquals("differencing", value(rows, "disk", "type"));
            assertEquals(".\\ntfs-parent.vhdx", value(rows, "parent", "relative_path"));
            assertEquals("2", value(rows, "BAT", "blocks partially present"));
        }
    }

    @Test
    void hostileParentLocator() throws IOException {
        for (int at = 0; at < 44; at++) {
            VhdxBuilder builder = SmallVhdx.builder();
            byte[] locator = new byte[48];
            locator[18] = 2;
            System.arraycopy(VhdxBuilder.u32(44, 46, 2 | 2 << 16, 46, 44, 2 | 2 << 16), 0, locator, 20, 24);
            locator[44] = 'k';
            locator[46] = 'v';
            locator[at] = (byte) 0xFF;
            builder.items.put(VhdxBuilder.LOCATOR, new VhdxBuilder.Item(4, locator));
            List<Row> rows = rows(builder.build());
            boolean harmless = at < 18;
            assertEquals(harmless ? "v" : "", value(rows, "parent", "k"), "byte " + at);
        }
    }

    /**
     * The header changes between the first structures and the last check, as when a hypervisor opens the disk
     * meanwhile.
     */
    @Test
    void fileThatChangesWhileItIsOpenedIsRefused() {
        byte[] before = SmallVhdx.builder().build();
        VhdxBuilder later = SmallVhdx.builder();
        later.sequence1 = 8;
        byte[] after = later.build();
        ByteSource changing = new ChangingSource(before, after);
        IOException refused = assertThrows(IOException.class, () -> VhdxDisk.open(changing));
        assertTrue(refused.getMessage().contains("was written while it was read"), refused.getMessage());
    }
}
