package io.varve.store.crypt;

import io.varve.store.cache.UnpackedLibrary;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Where Conscrypt unpacks its native library, which it does by itself at every start: in a directory that only this
 * user can enter and which allows execution, rather than in the one for temporary files. It deletes what it unpacked as
 * soon as it is loaded; Windows does not let it, so what earlier processes left is deleted here.
 */
final class ConscryptLibrary {
    private static final String WORK_DIRECTORY = "org.conscrypt.native.workdir";
    private static final Duration SURELY_LOADED = Duration.ofHours(1);

    private ConscryptLibrary() {}

    /**
     * To be called before Conscrypt is.
     *
     * @throws IOException when there is no such directory: then Conscrypt must not be used
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
            // In use: Windows does not delete it then. Or another process was faster.
        }
    }
}
