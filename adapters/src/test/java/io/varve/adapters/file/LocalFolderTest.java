package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.adapters.contract.SourceFolderContract;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFolderTest extends SourceFolderContract {
    @TempDir
    Path temp;

    @Override
    protected SourceFolder newFolder() throws IOException {
        return new LocalFolder(Files.createDirectories(temp.resolve("vm/home")).toRealPath(), Reader.DIRECT);
    }

    @Override
    protected void make(String path, String content) throws IOException {
        Path file = temp.resolve("vm").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** Names in a file count from where it is, not from where a link to it is. */
    @Test
    void theFolderOfALinkIsThatOfItsFile() throws IOException {
        Path link = temp.resolve("link.vhdx");
        try {
            Files.createSymbolicLink(link, temp.resolve("vm/home/p.vhdx"));
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no symbolic links here: " + e);
        }
        SourceFile file = new LocalFile(link, Reader.DIRECT);
        assertEquals(
                temp.resolve("vm/home").toRealPath().toString(), file.folder().location());
        assertEquals(new LocalFile(temp.resolve("vm/home/p.vhdx"), Reader.DIRECT).identity(), file.identity());
        assertEquals(link.toString(), file.location());
    }

    @Test
    void whatIsGoneSaysSo() {
        SourceFile gone = new LocalFile(temp.resolve("gone"), Reader.DIRECT);
        assertThrows(IOException.class, gone::open);
        assertThrows(IOException.class, gone::folder);
        assertThrows(IOException.class, gone::identity);
        assertThrows(IOException.class, new LocalFolder(temp.resolve("gone"), Reader.DIRECT)::list);
    }
}
