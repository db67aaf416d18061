package io.varve.adapters.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.varve.adapters.file.RealPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Names that only Windows has. The folder {@code varve.linked} is a link that the Unix side has made: wine shows it as
 * Windows shows a junction, with a reparse point, and can make none itself.
 */
class FileNamesUnderWine {
    private Path linked;
    private Path file;

    interface Kernel extends Library {
        int QueryDosDeviceW(Pointer name, Pointer target, int length);

        int GetFileAttributesW(Pointer name);
    }

    private static Kernel kernel() throws IOException {
        JnaLibrary.boot();
        return Native.load("kernel32", Kernel.class);
    }

    @BeforeEach
    void make() throws IOException {
        linked = Path.of(System.getProperty("varve.linked"));
        file = Files.writeString(Path.of(System.getProperty("varve.linked.real"), "a.vhdx"), "content");
    }

    @Test
    void theFolderIsAReparsePointAsAJunctionIs() throws IOException {
        int attributes = kernel().GetFileAttributesW(Wide.of(linked.toString()));
        assertEquals(
                WindowsAbi.ATTRIBUTE_DIRECTORY | WindowsAbi.ATTRIBUTE_REPARSE_POINT,
                attributes & (WindowsAbi.ATTRIBUTE_DIRECTORY | WindowsAbi.ATTRIBUTE_REPARSE_POINT));
    }

    @Test
    void aFileBehindAJunctionIsTheFile() throws IOException {
        Path behind = linked.resolve("a.vhdx");
        assertTrue(FileNames.areOfOneFile(behind.toString(), file.toString()));
        assertTrue(FileNames.areOfOneFile("\\??\\" + behind, file.toString()));
        assertFalse(FileNames.areOfOneFile(behind.resolveSibling("b.vhdx").toString(), file.toString()));
        assertTrue(Files.isSameFile(RealPath.of(behind), file));
    }

    @Test
    void theSystemsOwnNameOfTheDeviceIsUnderstood() throws IOException {
        Memory target = new Memory(1000);
        String drive = file.getRoot().toString().substring(0, 2);
        assertTrue(kernel().QueryDosDeviceW(Wide.of(drive), target, 500) > 0);
        String device = Wide.read(target, 0, 1000);
        assertTrue(device.startsWith("\\Device\\"), device);
        String told = device + "\\" + file.getRoot().relativize(file);
        assertTrue(FileNames.areOfOneFile(told, file.toString()), told);
    }
}
