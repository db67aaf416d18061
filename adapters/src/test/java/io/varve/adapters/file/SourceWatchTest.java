package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a write does that happens while a file is open to be read. Every reader is watched the same way. */
class SourceWatchTest {
    /** Long ago: whatever is written gets another time, however coarse the clock of the file system is. */
    private static final FileTime BEFORE = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void fileOfYesterday() throws IOException {
        file = Files.write(folder.resolve("disk"), new byte[100_000]);
        Files.setLastModifiedTime(file, BEFORE);
    }

    private interface Write {
        void run() throws IOException;
    }

    private List<Disturbance> after(Write write) throws IOException {
        try (ByteSource source = ByteSources.open(file, Reader.DIRECT)) {
            write.run();
            return source.disturbances();
        }
    }

    private void assertChanged(String how, Write write) throws IOException {
        List<Disturbance> found = after(write);
        assertEquals(
                List.of(Disturbance.CHANGED),
                found.stream().map(Disturbance::code).toList(),
                "" + found);
        assertTrue(found.get(0).what().contains(how), found.get(0).what());
        assertTrue(found.get(0).what().contains(file.toString()), found.get(0).what());
    }

    private void overwrite() throws IOException {
        Files.write(file, new byte[] {1}, StandardOpenOption.WRITE);
    }

    @Test
    void nobodyWrote() throws IOException {
        for (Reader reader : List.of(Reader.AUTO, Reader.MAPPED, Reader.DIRECT)) {
            try (ByteSource source = ByteSources.open(file, reader)) {
                source.read(0, java.nio.ByteBuffer.allocate(100_000));
                assertEquals(List.of(), source.disturbances());
            }
        }
    }

    @Test
    void somebodyWrote() throws IOException {
        assertChanged("it was modified at ", this::overwrite);
    }

    @Test
    void theFileGrew() throws IOException {
        assertChanged(
                "from 100000 to 100001 bytes", () -> Files.write(file, new byte[] {1}, StandardOpenOption.APPEND));
    }

    @Test
    void theFileWasCutOff() throws IOException {
        IOException failure = assertThrows(
                IOException.class,
                () -> after(() -> {
                    try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                        cut.setLength(99_999);
                    }
                }));
        assertTrue(failure.getMessage().contains("it had 100000 bytes, it has 99999 now"), failure.getMessage());
    }

    @Test
    void aWriterPutTheTimeBack() throws IOException {
        Assumptions.assumeTrue(FileState.of(file).changed() != null, "no time of change on this system");
        // The time of the change is that of now, whose digits may be as coarse as the kernel's tick.
        FileTime created = FileState.of(file).changed();
        assertChanged("content, name, links or permissions", () -> {
            do {
                overwrite();
                Files.setLastModifiedTime(file, BEFORE);
            } while (FileState.of(file).changed().equals(created));
        });
    }

    @Test
    void anotherFileTookTheName() throws IOException {
        Assumptions.assumeTrue(FileState.of(file).key() != null, "files have no identity on this system");
        Path other = Files.write(folder.resolve("other"), new byte[10]);
        assertChanged(
                "it was replaced by another file", () -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING));
    }
}
