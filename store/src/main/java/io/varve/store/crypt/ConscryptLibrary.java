package io.varve.store.crypt;

import io.varve.store.cache.UnpackedLibrary;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes Conscrypt unpack its native library, which it does at every start, into a directory that only this user can
 * enter and that allows execution, rather than into the temporary directory. Conscrypt deletes the file as soon as it
 * is loaded. Windows does not allow that, so files left by earlier processes are deleted here.
 */
final class ConscryptLibrary {
    private static final String WORK_DIRECTORY = "org.conscrypt.native.workdir";
    private static final Duration SURELY_LOADED = Duration.ofHours(1);

    private ConscryptLibrary() {}

    /**
     * Must be called before Conscrypt is used.
     *
     * @throws IOException if there is no such directory; Conscrypt must not be used then
     */
    static void prepare() throws IOException {
        Path directory = UnpackedLibrary.directory("conscrypt");
        System.setProperty(WORK_DIRECTORY, directory.toString());
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
            for (Path file : left) {
                deleteIfOld(file);
            }
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
            // In use, so Windows does not delete it; or another process has deleted it.
        }
    }
}
