package io.varve.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Where benchmarks put their files: below {@code -Dvarve.bench.scratch}, or the temporary directory. */
final class Scratch {
    /** System property that names the directory. */
    static final String PROPERTY = "varve.bench.scratch";

    private Scratch() {}

    static Path newFolder() throws IOException {
        return Files.createTempDirectory(
                Path.of(System.getProperty(PROPERTY, System.getProperty("java.io.tmpdir"))), "varve-bench");
    }

    /** Deletes a folder and all in it. */
    static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
