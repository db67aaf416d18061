package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.port.Disturbance;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the share modes of Windows; {@code -Pwindows-it} runs it under wine. */
class ShareModeUnderWine {
    @TempDir
    private Path temp;

    private Path file;

    @BeforeEach
    void file() throws IOException {
        file = Files.writeString(temp.resolve("disk.vhdx"), "content");
    }

    @Test
    void nobodyOpensItForWritingWhileItIsRead() throws IOException {
        try (ShareMode.Guard guard = ShareMode.guard(file)) {
            assertEquals(Optional.empty(), guard.writer());
            assertThrows(FileSystemException.class, () -> FileChannel.open(file, StandardOpenOption.WRITE));
            assertEquals("content", Files.readString(file)); // reading is for everybody
        }
        FileChannel.open(file, StandardOpenOption.WRITE).close();
    }

    @Test
    void aWriterThatIsThereAlreadyIsTold() throws IOException {
        try (FileChannel writer = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertTrue(writer.isOpen());
            try (ShareMode.Guard guard = ShareMode.guard(file)) {
                assertEquals(Optional.of(ShareMode.WRITER), guard.writer());
            }
            try (SourceWatch watch = SourceWatch.begin(file)) {
                List<Disturbance> found = watch.disturbances();
                assertEquals(Disturbance.IN_USE, found.get(0).code());
                assertTrue(
                        found.get(0).what().contains(ShareMode.WRITER),
                        found.get(0).what());
            }
        }
        try (SourceWatch watch = SourceWatch.begin(file)) {
            assertEquals(List.of(), watch.disturbances());
        }
    }

    @Test
    void aTargetIsWrittenByOneAtATime() throws IOException {
        try (FileChannel target = FileChannel.open(file, ShareMode.toWriteAlone())) {
            assertThrows(FileSystemException.class, () -> FileChannel.open(file, ShareMode.toWriteAlone()));
            assertThrows(FileSystemException.class, () -> FileChannel.open(file, StandardOpenOption.WRITE));
            assertTrue(target.isOpen());
        }
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThrows(FileSystemException.class, () -> FileChannel.open(file, ShareMode.toWriteAlone()));
            assertTrue(other.isOpen());
        }
    }

    /** Whoever shares nothing at all: then it cannot be read either, and says so. */
    @Test
    void aFileThatCannotBeReadAtAllIsNoWriter() throws IOException {
        try (FileChannel alone = FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.NOSHARE_READ)) {
            assertTrue(alone.isOpen());
            assertThrows(FileSystemException.class, () -> ShareMode.guard(file));
        }
        assertThrows(NoSuchFileException.class, () -> ShareMode.guard(temp.resolve("none")));
        assertFalse(Files.exists(temp.resolve("none")));
    }
}
