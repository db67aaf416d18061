package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java answers about volumes that have no drive letter is played here. */
class RealPathTest {
    private static final RealPath.Following FAILS = path -> {
        throw new IOException(path + ": The system cannot find the path specified");
    };

    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void make() throws IOException {
        temp = temp.toRealPath();
        file = Files.createFile(Files.createDirectory(temp.resolve("Volume1")).resolve("a.vhdx"));
    }

    @Test
    void linksAreFollowedWhereJavaCan() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), file);
        assertEquals(file, RealPath.of(link));
        assertEquals(file, RealPath.of(link, Path::toRealPath, true));
    }

    @Test
    void aPathOnAVolumeWithoutDriveLetterIsKept() throws IOException {
        Path given = file.getParent().resolve("..").resolve("Volume1").resolve("a.vhdx");
        assertEquals(file, RealPath.of(given, FAILS, true));
        assertEquals(
                file, RealPath.of(given, path -> Path.of("Volume{0a1b2c3d}").resolve("a.vhdx"), true));
    }

    @Test
    void aLinkThatCannotBeFollowedIsNotTakenForItsFile() throws IOException {
        Path folder = Files.createSymbolicLink(temp.resolve("link"), file.getParent());
        assertThrows(IOException.class, () -> RealPath.of(folder.resolve("a.vhdx"), FAILS, true));
    }

    @Test
    void elsewhereNothingIsKept() {
        assertThrows(IOException.class, () -> RealPath.of(file, FAILS, false));
    }

    @Test
    void whatIsNotThereFailsAsItDoes() {
        Path gone = temp.resolve("gone.vhdx");
        assertThrows(NoSuchFileException.class, () -> RealPath.of(gone, FAILS, true));
    }
}
