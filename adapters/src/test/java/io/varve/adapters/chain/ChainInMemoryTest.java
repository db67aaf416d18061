package io.varve.adapters.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.contract.MemoryFolder;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chains of files that lie in no file system: the formats know nothing of paths. */
class ChainInMemoryTest {
    private static final int MIB = 1 << 20;

    private final MemoryFolder home = new MemoryFolder("vm/disks");

    private static byte[] guid(int number) {
        return ByteBuffer.allocate(16).putInt(12, number).putInt(0, 0xABCDEF01).array();
    }

    private static VhdxBuilder disk(int number, int filled) {
        VhdxBuilder builder = new VhdxBuilder(2L * MIB, MIB);
        builder.dataWriteGuid = guid(number);
        if (filled >= 0) {
            byte[] block = new byte[MIB];
            block[7] = (byte) number;
            builder.present(filled, block);
        }
        return builder;
    }

    private void read(ParentSearch search, String... files) throws IOException {
        try (DiskImage image = DiskImages.open(home.file(files[0]), SourceFormat.AUTO, search)) {
            ByteBuffer content = ByteBuffer.allocate(2 * MIB);
            image.read(0, content);
            byte[] expected = new byte[2 * MIB];
            expected[7] = 1;
            expected[MIB + 7] = 2;
            assertArrayEquals(expected, content.array());
            assertEquals(files[0], image.location());
        }
    }

    private void child(String... pairs) {
        home.files()
                .put("vm/disks/child.avhdx", disk(2, 1).child(guid(1), pairs).build());
    }

    @Test
    void alongEveryKindOfName() throws IOException {
        home.files().put("vm/disks/p.vhdx", disk(1, 0).build());
        child("relative_path", ".\\P.vhdx");
        read(ParentSearch.sameFolder(), "vm/disks/child.avhdx");
        child("absolute_win32_path", "\\\\memory\\share\\vm\\disks\\p.vhdx");
        read(ParentSearch.sameFolder(), "vm/disks/child.avhdx");
        child("absolute_win32_path", "\\\\?\\UNC\\MEMORY\\share\\vm\\disks\\p.vhdx");
        read(ParentSearch.sameFolder(), "vm/disks/child.avhdx");
    }

    @Test
    void inFoldersThatWereNamed() throws IOException {
        home.files().put("elsewhere/renamed.vhdx", disk(1, 0).build());
        child("relative_path", ".\\p.vhdx");
        MemoryFolder elsewhere = new MemoryFolder(home.files(), "elsewhere");
        read(new ParentSearch(List.of(elsewhere), false), "vm/disks/child.avhdx");
        MissingParentException missing = assertThrows(
                MissingParentException.class, () -> read(ParentSearch.sameFolder(), "vm/disks/child.avhdx"));
        assertTrue(missing.getMessage().contains("vm/disks/p.vhdx: no such file"), missing.getMessage());
    }

    @Test
    void otherHostsOfTheirsAreNotAsked() {
        child("absolute_win32_path", "\\\\elsewhere\\share\\p.vhdx");
        MissingParentException missing = assertThrows(
                MissingParentException.class, () -> read(new ParentSearch(List.of(), true), "vm/disks/child.avhdx"));
        assertTrue(missing.getMessage().contains("another host"), missing.getMessage());
    }

    @Test
    void aCycleIsFound() {
        home.files()
                .put(
                        "vm/disks/p.vhdx",
                        disk(1, 0)
                                .child(guid(2), "relative_path", "child.avhdx")
                                .build());
        child("relative_path", "p.vhdx");
        IOException cycle =
                assertThrows(IOException.class, () -> read(ParentSearch.sameFolder(), "vm/disks/child.avhdx"));
        assertTrue(cycle.getMessage().contains("cycle"), cycle.getMessage());
    }
}
