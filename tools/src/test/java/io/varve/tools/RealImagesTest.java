package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkHasher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that QEMU and Windows wrote (see the NOTICE beside them), there and back; digests by several other readers. */
class RealImagesTest {
    private static final String EXT2 = "a6c2f0e39afe6c6ab432ca5465349fcefe8dc944398e97b2d957d3f89dbb5d80";
    private static final String NTFS = "c5523065bc6ef82267be56c5f8888e2876ead8ba7edba2a65a3da8b076231b68";
    private static final String NTFS_CHILD = "1ef1fb5360247aa7d36a38415bc7bf6e1e52f62af5e6bd1283815e82584c7efc";

    @TempDir
    Path temp;

    @BeforeEach
    void init() {
        Cli.run("init", "-r", temp.resolve("repo")).expect(ExitCode.DONE);
    }

    private Path unpack(String name, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name);
        try (InputStream packed = RealImagesTest.class.getResourceAsStream("/dfvfs/" + name + ".gz");
                InputStream image = new GZIPInputStream(packed)) {
            Files.copy(image, file);
        }
        return file;
    }

    private Cli.Result backUp(Object... more) {
        Object[] arguments = new Object[5 + more.length];
        System.arraycopy(new Object[] {"backup", "-r", temp.resolve("repo"), "--machine", "m"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return Cli.run(arguments);
    }

    private String restored(String extension) throws IOException {
        Path back = temp.resolve("back." + extension);
        Cli.run("restore", "-r", temp.resolve("repo"), "latest", "--to", back, "--force")
                .expect(ExitCode.DONE);
        if (extension.equals("vhdx")) {
            backUp(back).expect(ExitCode.DONE);
            return restored("raw");
        }
        return new ChunkHasher().id(Files.readAllBytes(back)).hex();
    }

    @Test
    void aDiskThatQemuWrote() throws IOException {
        backUp(unpack("ext2.vhdx", temp)).expect(ExitCode.DONE);
        assertEquals(EXT2, restored("raw"));
        assertEquals(EXT2, restored("vhdx"));
    }

    @Test
    void aFixedDiskThatWindowsWrote() throws IOException {
        backUp(unpack("ntfs-parent.vhdx", temp)).expect(ExitCode.DONE);
        assertEquals(NTFS, restored("raw"));
        assertEquals(NTFS, restored("vhdx"));
    }

    @Test
    void aDifferencingDiskIsReadOverItsParent() throws IOException {
        Path child = unpack("ntfs-differential.vhdx", temp.resolve("child"));
        assertTrue(backUp(child).expect(ExitCode.SOURCE_FAILED).err().contains("ntfs-parent.vhdx"));
        Path elsewhere = temp.resolve("elsewhere");
        unpack("ntfs-parent.vhdx", elsewhere);
        backUp("--parent", elsewhere, child).expect(ExitCode.DONE);
        assertEquals(NTFS_CHILD, restored("raw"));
        unpack("ntfs-parent.vhdx", temp.resolve("child"));
        backUp(child).expect(ExitCode.DONE);
        assertEquals(NTFS_CHILD, restored("raw"));
        Cli.run("fsck", "-r", temp.resolve("repo"), "--deep").expect(ExitCode.DONE);
    }
}
