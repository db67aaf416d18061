package io.varve.store.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFileTest {
    private static final int SECTOR = AlignedBuffer.ALIGNMENT;
    private static final int SIZE = 5 * (1 << 20) + 2 * SECTOR + 123;

    @TempDir
    Path folder;

    private final byte[] content = new byte[SIZE];
    private Path file;

    @BeforeEach
    void write() throws IOException {
        new SplittableRandom(11).nextBytes(content);
        file = Files.write(folder.resolve("stored"), content);
    }

    private void assertRead(StoredFile stored, int offset, ByteBuffer target) throws IOException {
        int length = target.remaining();
        int start = target.position();
        stored.read(offset, target);
        assertEquals(start + length, target.position());
        byte[] read = new byte[length];
        target.get(start, read);
        assertArrayEquals(Arrays.copyOfRange(content, offset, offset + length), read, offset + " + " + length);
    }

    /** Past the cache as far as that goes, where the file system of the temporary directory is one that does it. */
    @Test
    void everyWayOfReadingGivesWhatIsThere() throws IOException {
        SplittableRandom random = new SplittableRandom(12);
        try (StoredFile stored = new StoredFile(file, new PastPageCache())) {
            assertRead(stored, 0, AlignedBuffer.allocate(SIZE));
            assertRead(stored, SECTOR, AlignedBuffer.allocate(SIZE - SECTOR));
            for (int i = 0; i < 200; i++) {
                int unit = i % 2 == 0 ? SECTOR : 1;
                int offset = random.nextInt(SIZE / unit) * unit;
                int length = Math.max(1, random.nextInt(SIZE - offset) / unit * unit);
                ByteBuffer target = i % 3 == 0 ? ByteBuffer.allocate(length) : AlignedBuffer.allocate(length);
                assertRead(stored, offset, target);
            }
            ByteBuffer crooked = AlignedBuffer.allocate(SIZE);
            assertRead(stored, SECTOR, crooked.position(1).limit(1 + (1 << 20)));
            assertRead(stored, SECTOR, crooked.limit(3 << 20).position(SECTOR));
            assertTrue(stored.isOpen());
        }
    }

    @Test
    void whoWantsMoreThanThereIsIsToldWhereItEnds() throws IOException {
        try (StoredFile stored = new StoredFile(file, new PastPageCache())) {
            EOFException e = assertThrows(
                    EOFException.class, () -> stored.read(SECTOR, AlignedBuffer.allocate(SIZE - SECTOR + 1)));
            assertTrue(e.getMessage().contains("ends at " + SIZE + ", 1 bytes short of"), e.getMessage());
            assertThrows(EOFException.class, () -> stored.read(1 << 30, AlignedBuffer.allocate(1 << 20)));
        }
        assertThrows(NoSuchFileException.class, () -> new StoredFile(folder.resolve("none"), new PastPageCache()));
    }
}
