package io.varve.store.crypt;

import io.varve.store.index.CacheDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Where Conscrypt unpacks its native library: in the user's cache directory, which allows execution, rather than in one
 * for temporary files, which may not. It deletes what it unpacked as soon as it is loaded; Windows does not let it, so
 * what earlier processes left is deleted here.
 */
final class ConscryptLibrary {
    private static final String WORK_DIRECTORY = "org.conscrypt.native.workdir";
    private static final Duration SURELY_LOADED = Duration.ofHours(1);

    private ConscryptLibrary() {}

    /** To be called before Conscrypt is. Without a cache directory everything stays as Conscrypt has it. */
    static void prepare() {
        if (System.getProperty(WORK_DIRECTORY) != null) {
            return;
        }
        Path directory = CacheDirectory.path().resolve("native").resolve("conscrypt");
        try {
            Files.createDirectories(directory);
            System.setProperty(WORK_DIRECTORY, directory.toString());
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
                for (Path file : left) {
                    deleteIfOld(file);
                }
            }
        } catch (IOException e) {
            // Nothing depends on it.
        }
    }

    private static void deleteIfOld(Path file) {
        try {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(Instant.now().minus(SURELY_LOADED))) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // In use: Windows does not delete it then. Or another process was faster.
        }
    }
}
