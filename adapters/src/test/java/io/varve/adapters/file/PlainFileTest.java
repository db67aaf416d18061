package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainFileTest {
    @TempDir
    Path temp;

    private PlainFile file() throws IOException {
        return new PlainFile("name", Files.write(temp.resolve("file"), new byte[] {1, 2, 3}));
    }

    @Test
    void readAsItIs() throws IOException {
        try (InputStream content = file().open()) {
            assertArrayEquals(new byte[] {1, 2, 3}, content.readAllBytes());
        }
    }

    @Test
    void oneThatIsWrittenMeanwhileFails() throws IOException {
        InputStream content = file().open();
        content.read();
        Files.write(temp.resolve("file"), new byte[] {4}, StandardOpenOption.APPEND);
        IOException failure = assertThrows(IOException.class, content::close);
        assertTrue(failure.getMessage().contains("found it modified"), failure.getMessage());
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThrows(NoSuchFileException.class, () -> new PlainFile("name", temp.resolve("none")).open());
        assertThrows(IOException.class, () -> new PlainFile("name", temp).open());
    }
}
