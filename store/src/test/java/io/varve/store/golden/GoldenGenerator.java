package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.varve.store.index.ChunkIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/**
 * Makes the golden repository of a format version, once in its life. Not part of the suite; run by hand, in this
 * module:
 *
 * <pre>mvn test -pl store -Dtest=GoldenGenerator -Dvarve.golden=src/test/resources/golden/v2</pre>
 */
class GoldenGenerator {
    @Test
    void generate() throws IOException {
        Path target = Path.of(System.getProperty("varve.golden"));
        assertFalse(Files.exists(target), target + ": a golden repository is kept for ever");
        GoldenWriter.write(target);
        ChunkIndex.delete(target.resolve("index"));
        for (String extra : new String[] {"sessions", "tmp"}) {
            try (var tree = Files.walk(target.resolve(extra))) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
