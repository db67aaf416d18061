package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dry run says about files. */
class FilesOriginTest {
    @TempDir
    Path temp;

    /** A path that leads nowhere now, as one on a volume that is not mounted, is a fault of its machine alone. */
    @Test
    void eachFileThatWouldFailIsNamed() throws IOException {
        Path there = Files.createFile(temp.resolve("there=1.vhdx"));
        List<String> disks = List.of(
                there.toString(), "a=" + there, "b=" + temp.resolve("gone"), "c=/x\0", "smb://host/share/a.vhdx");
        List<String> files = List.of("d=" + there, "e=" + temp.resolve("lost"), "f=/y\0");
        List<String> faults = new FilesOrigin(disks, files, List.of(), false).faults();
        assertEquals(4, faults.size(), "" + faults);
        assertEquals(temp.resolve("gone") + " does not exist", faults.get(0));
        assertTrue(faults.get(1).startsWith("c=/x\0: "), faults.get(1));
        assertEquals(temp.resolve("lost") + " does not exist", faults.get(2));
        assertTrue(faults.get(3).startsWith("f=/y\0: "), faults.get(3));
    }
}
