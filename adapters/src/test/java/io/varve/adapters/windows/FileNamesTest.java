package io.varve.adapters.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On each system: a second link to a file is the same file. Windows' own names are in {@code FileNamesUnderWine}. */
class FileNamesTest {
    @TempDir
    private Path temp;

    @Test
    void aSecondLinkIsTheSameFileAndAnotherFileIsNot() throws IOException {
        Path file = Files.writeString(temp.toRealPath().resolve("a.vhdx"), "content");
        Path link = Files.createLink(temp.toRealPath().resolve("b.vhdx"), file);
        Path other = Files.writeString(temp.toRealPath().resolve("c.vhdx"), "content");
        assertTrue(FileNames.areOfOneFile(link.toString(), file.toString()));
        assertFalse(FileNames.areOfOneFile(other.toString(), file.toString()));
    }

    @Test
    void whatIsNoFileIsNotTheSame() throws IOException {
        String file = Files.writeString(temp.toRealPath().resolve("a.vhdx"), "content")
                .toString();
        for (String told : new String[] {"", "3221225524", "a.vhdx", "\0", file + "x", "\\Device\\None\\a.vhdx"}) {
            assertFalse(FileNames.areOfOneFile(told, file), told);
        }
    }

    @Test
    void whatWindowsCallsFilesIsMadeIntoWhatItOpens() {
        Map<String, String> drives = Map.of("C:", "\\Device\\HarddiskVolume3", "D:", "\\Device\\HarddiskVolume33");
        assertEquals("C:\\vm\\a.vhdx", FileNames.toOpen("\\device\\HarddiskVolume3\\vm\\a.vhdx", drives));
        assertEquals("D:\\a.vhdx", FileNames.toOpen("\\Device\\HarddiskVolume33\\a.vhdx", drives));
        assertEquals(
                "\\\\?\\GLOBALROOT\\Device\\HarddiskVolume4\\a.vhdx",
                FileNames.toOpen("\\Device\\HarddiskVolume4\\a.vhdx", drives));
        assertEquals("\\\\?\\C:\\vm\\a.vhdx", FileNames.toOpen("\\??\\C:\\vm\\a.vhdx", drives));
        assertEquals("C:\\vm\\a.vhdx", FileNames.toOpen("C:\\vm\\a.vhdx", drives));
    }
}
