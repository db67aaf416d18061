package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.MemoryFolder;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A chain of VHD files that lie in no file system. */
class VhdInMemoryTest {
    private static final int SIZE = 16 << 10;
    private static final int BLOCK = 4 << 10;

    private final MemoryFolder home = new MemoryFolder("vm/disks");

    /** The parent has the first and the third block, the child the second; it hides nothing. */
    private void put(String parent, String code, String path) {
        VhdBuilder base = new VhdBuilder(SIZE, BLOCK).block(0, new byte[] {1}).block(2, new byte[] {3});
        VhdBuilder child =
                new VhdBuilder(SIZE, BLOCK).child(base.id, code, path).block(1, new byte[] {2});
        child.id = new UUID(0, 2);
        home.files().put(parent, base.build());
        home.files().put("vm/disks/child.avhd", child.build());
    }

    private void read(ParentSearch search) throws IOException {
        try (DiskImage image = DiskImages.open(home.file("vm/disks/child.avhd"), SourceFormat.AUTO, search)) {
            ByteBuffer content = ByteBuffer.allocate(SIZE);
            image.read(0, content);
            byte[] expected = new byte[SIZE];
            expected[0] = 1;
            expected[BLOCK] = 2;
            expected[2 * BLOCK] = 3;
            assertArrayEquals(expected, content.array());
            assertEquals("vhd-differencing", image.format());
            assertEquals("vm/disks/child.avhd", image.location());
        }
    }

    @Test
    void besideTheChildAndOnTheSameShare() throws IOException {
        put("vm/disks/base.vhd", "W2ru", ".\\BASE.vhd");
        read(ParentSearch.sameFolder());
        put("vm/disks/base.vhd", "W2ku", "\\\\memory\\share\\vm\\disks\\base.vhd");
        read(ParentSearch.sameFolder());
    }

    @Test
    void inAFolderThatWasNamed() throws IOException {
        put("elsewhere/renamed.vhd", "W2ru", ".\\base.vhd");
        MissingParentException missing =
                assertThrows(MissingParentException.class, () -> read(ParentSearch.sameFolder()));
        assertTrue(missing.getMessage().contains("vm/disks/base.vhd: no such file"), missing.getMessage());
        read(new ParentSearch(List.of(new MemoryFolder(home.files(), "elsewhere")), false));
    }
}
