package io.varve.adapters.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs Windows' calls; {@code -Pwindows-it} runs it under wine. */
class VolumePathsUnderWine {
    @TempDir
    private Path temp;

    interface Kernel extends Library {
        int GetVolumeNameForVolumeMountPointW(Pointer mountPoint, Pointer name, int length);
    }

    private static String volumeOf(Path root) throws IOException {
        JnaLibrary.boot();
        Memory name = new Memory(200);
        Kernel kernel = Native.load("kernel32", Kernel.class);
        assertEquals(1, kernel.GetVolumeNameForVolumeMountPointW(Wide.of(root.toString()), name, 100));
        return Wide.read(name, 0, 200);
    }

    @Test
    void aFileIsFoundByEachOfItsNames() throws IOException {
        Path file = Files.writeString(temp.toRealPath().resolve("a b.vhdx"), "content");
        String relative = file.getRoot().relativize(file).toString();
        for (String text : new String[] {"\\\\?\\" + file, volumeOf(file.getRoot()) + relative, file.toString()}) {
            Path found = VolumePaths.of(text);
            assertEquals("content", Files.readString(found), text);
            assertEquals(file, found.toRealPath(), text);
        }
    }

    @Test
    void aFileWithALongPathIsOpenedByWindowsCallsAndByJava() throws IOException {
        Path folder = temp.toRealPath();
        while (folder.toString().length() < 300) {
            folder = folder.resolve("a folder with a long name");
        }
        Path file = Files.writeString(Files.createDirectories(folder).resolve("a.vhdx"), "content");
        assertEquals(file, VolumePaths.of("\\\\?\\" + file));
        WindowsFiles files = WindowsFiles.load();
        Pointer handle = files.open(file.toString());
        assertEquals(7, files.size(file.toString(), handle));
        files.calls().CloseHandle(handle);
    }

    @Test
    void thePathBehindTheVolumeIsWhatThereIsBelowItsRoot() throws IOException {
        Path file = temp.toRealPath().resolve("a.vhdx");
        String behind = VolumePaths.behindVolume(file.toString()).orElseThrow();
        assertEquals("\\" + file.getRoot().relativize(file), behind);
    }

    /** Settings are read whatever is mounted; only what is used must be there. */
    @Test
    void aGivenPathOfAnUnknownVolumeIsReadAndRefusedOnUse() {
        String unknown = "\\\\?\\Volume{0a1b2c3d-0000-0000-0000-100000000000}\\key";
        GivenPath given = new GivenPath(unknown);
        assertTrue(given.isAbsolute());
        assertEquals(unknown, given.toString());
        assertThrows(InvalidPathException.class, given::path);
        assertEquals("C:\\a", new GivenPath("\\\\?\\C:\\a").toString());
    }

    @Test
    void anUnknownVolumeIsNamedWithWindowsErrorNumber() {
        String unknown = "\\\\?\\Volume{0a1b2c3d-0000-0000-0000-100000000000}\\a.vhdx";
        InvalidPathException e = assertThrows(InvalidPathException.class, () -> VolumePaths.of(unknown));
        assertTrue(e.getReason().contains("Windows error"), e.getReason());
    }
}
