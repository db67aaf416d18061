package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.chunk.ChunkHasher;
import io.varve.tools.output.ExitCode;
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

    /** What the differencing disk holds is all that is read of it, once its parent is in the repository. */
    @Test
    void aDifferencingDiskIsAChangeList() throws IOException {
        Path parent = unpack("ntfs-parent.vhdx", temp);
        Path child = unpack("ntfs-differential.vhdx", temp);
        backUp(parent).expect(ExitCode.DONE);
        JsonNode night = backUp("--audit", 0, "--json", child)
                .expect(ExitCode.DONE)
                .json()
                .at("/disks/0");
        assertEquals("incremental", night.path("mode").asText());
        long held = 0;
        JsonNode map =
                Cli.run("vhdx", "map", child, "--json").expect(ExitCode.DONE).json();
        for (JsonNode segment : map.path("segments")) {
            held += segment.path("layer").asInt(-1) == 0
                    ? segment.path("length").asLong()
                    : 0;
        }
        long read = night.path("readBytes").asLong();
        assertTrue(held > 0 && read > 0 && read < 20 * 65536, "held " + held + ", read " + read);
        assertEquals(NTFS_CHILD, restored("raw"));
        JsonNode whole =
                backUp("--full", "--json", child).expect(ExitCode.DONE).json().at("/disks/0");
        assertEquals("full", whole.path("mode").asText());
        assertEquals(0, whole.path("changedBytes").asLong());
    }

    @Test
    void theMapOfAChainGoesBothWays() throws IOException {
        unpack("ntfs-parent.vhdx", temp);
        Path child = unpack("ntfs-differential.vhdx", temp);
        JsonNode map =
                Cli.run("vhdx", "map", child, "--json").expect(ExitCode.DONE).json();
        assertEquals(2, map.path("layers").size());
        long next = 0;
        int present = 0;
        for (JsonNode segment : map.path("segments")) {
            assertEquals(next, segment.path("offset").asLong());
            next += segment.path("length").asLong();
            if (segment.has("fileOffset")) {
                present++;
                JsonNode back = Cli.run(
                                "vhdx",
                                "map",
                                child,
                                "--json",
                                "--reverse",
                                "--layer",
                                segment.path("layer").asInt(),
                                "--offset",
                                segment.path("fileOffset").asLong(),
                                "--length",
                                segment.path("length").asLong())
                        .expect(ExitCode.DONE)
                        .json();
                assertEquals(1, back.path("segments").size());
                assertEquals(segment, back.at("/segments/0"));
            }
        }
        assertEquals(4 << 20, next);
        assertTrue(present >= 2, "segments in files: " + present);
        Cli.run("vhdx", "map", child, "--reverse", "--layer", 2).expect(ExitCode.USAGE);
        Cli.run("vhdx", "map", child, "--layer", 1).expect(ExitCode.USAGE);
    }
}
