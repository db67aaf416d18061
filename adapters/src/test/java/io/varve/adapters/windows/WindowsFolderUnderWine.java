package io.varve.adapters.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.SourceFolderContract;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.engine.port.SourceFolder.Lookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs Windows' file calls; {@code -Pwindows-it} runs it under wine. */
class WindowsFolderUnderWine extends SourceFolderContract {
    @TempDir
    private Path temp;

    private SourceFolder folder(String... names) throws IOException {
        Files.createDirectories(temp.resolve("vm").resolve("home"));
        String root = "\\\\?\\" + temp.toRealPath();
        return new WindowsFolder(
                WindowsFiles.load(), root, List.of(names), (drive, wanted) -> new Lookup.Refused("no drives here"));
    }

    @Override
    protected SourceFolder newFolder() throws IOException {
        return folder("vm", "home");
    }

    @Override
    protected void make(String path, String content) throws IOException {
        Path file = temp.resolve("vm").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Override
    protected boolean tellsCase() {
        return false;
    }

    @Test
    void aboveTheRootNothingIsFound() throws IOException {
        Lookup above = folder("vm", "home").find(List.of("..", "..", "..", "x"), false);
        assertInstanceOf(Lookup.Missing.class, above);
    }

    @Test
    void foldersAreListedByThemselves() throws IOException {
        WindowsFolder home = (WindowsFolder) folder("vm", "home");
        assertEquals(
                List.of("sub"),
                home.folders().stream().map(f -> f.names().get(2)).toList());
        assertTrue(home.list().stream().map(SourceFile::name).toList().contains("p.vhdx"));
    }

    @Test
    void whatIsNotThereIsNamedWithWindowsErrorNumber() throws IOException {
        SourceFile gone = new WindowsFile((WindowsFolder) folder("vm", "home"), "gone.vhdx");
        IOException e = assertThrows(IOException.class, gone::open);
        assertTrue(e.getMessage().contains("gone.vhdx: cannot open this file"), e.getMessage());
        assertTrue(e.getMessage().contains("Windows error 2"), e.getMessage());
    }
}
