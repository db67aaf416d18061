package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of the input as a change list: what is taken from it lies inside the disk. */
public final class ChangeListFuzz {
    private static final long DISK = 1L << 40;

    private ChangeListFuzz() {}

    private static final Path FILE = temporary();

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("varve-fuzz", ".json");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        // A file written anew: some file systems sync one that was cut off and written again.
        Files.delete(FILE);
        Files.write(FILE, data);
        try {
            Range last = null;
            for (Range range : ChangeListFile.read(FILE, DISK)) {
                assertTrue(range.endOffset() <= DISK && range.offset() >= 0, range.toString());
                assertTrue(last == null || last.endOffset() < range.offset(), range.toString());
                last = range;
            }
        } catch (CorruptDataException e) {
            assertTrue(e.offset() >= -1 && e.offset() <= data.length, e.getMessage());
        }
    }
}
