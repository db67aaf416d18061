package io.varve.store.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFileTest {
    private static final int PIECE = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsAppendedInAnyPiecesIsThere(boolean mayBeDirect) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] content = new byte[9 * PIECE];
        random.nextBytes(content);
        // Whole pieces, a crooked one, small ones that lead back to a border, whole ones again, a tail.
        int[] lengths = {PIECE, 2 * PIECE, 12_345, 4096 - 12_345 % 4096, PIECE, PIECE, 256 << 10, 1, 4095, 300_000};
        Path file = folder.resolve("pieces");
        int total = 0;
        try (HostFile written = new HostFile(file, () -> mayBeDirect)) {
            for (int length : lengths) {
                ByteBuffer piece = AlignedBuffer.allocate(length)
                        .put(content, total, length)
                        .flip();
                written.append(piece);
                total += length;
            }
            written.append(ByteBuffer.wrap(content, total, PIECE)); // on the heap
            total += PIECE;
            written.sync();
        }
        assertArrayEquals(java.util.Arrays.copyOf(content, total), Files.readAllBytes(file));
    }

    @Test
    void aFileThatIsThereIsNotTouched() throws IOException {
        Path file = Files.writeString(folder.resolve("there"), "mine");
        assertThrows(FileAlreadyExistsException.class, () -> new HostFile(file, () -> true));
        assertArrayEquals("mine".getBytes(java.nio.charset.StandardCharsets.UTF_8), Files.readAllBytes(file));
    }

    /** A second channel that fails to open must not fail the file. */
    @Test
    void whereTheCacheCannotBePassedItTakesEverything() throws IOException {
        Path file = folder.resolve("refused");
        byte[] content = new byte[2 * PIECE];
        new SplittableRandom(8).nextBytes(content);
        try (HostFile written = new HostFile(file, () -> {
            throw new IOException("no such thing here");
        })) {
            written.append(AlignedBuffer.allocate(content.length).put(content).flip());
            written.sync();
        }
        try (FileChannel read = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer back = ByteBuffer.allocate(content.length);
            while (back.hasRemaining() && read.read(back) >= 0) {}
            assertArrayEquals(content, back.array());
        }
    }
}
