package io.varve.store.index;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.store.cache.CacheDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RocksLibraryTest {
    /** What is unpacked once must also be what is loaded: else 17 MB are unpacked again at every start. */
    @Test
    void theUnpackedLibraryIsTheOneInUse() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        assumeTrue(Files.exists(maps), "only Linux tells what is loaded");
        RocksLibrary.load();
        List<String> loaded = Files.readAllLines(maps).stream()
                .filter(line -> line.contains("librocksdb"))
                .toList();
        String directory = CacheDirectory.path().toAbsolutePath().normalize().toString();
        assertFalse(loaded.isEmpty());
        loaded.forEach(line -> assertTrue(line.contains(directory), line + " is not in " + directory));
    }
}
