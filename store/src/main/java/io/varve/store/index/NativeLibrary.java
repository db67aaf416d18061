package io.varve.store.index;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library once per process. It has 17 MB; unpacking it at every start would cost more than a
 * small backup, so it is kept unpacked in the user's cache directory, under its checksum.
 */
final class NativeLibrary {
    private static boolean loaded;

    private NativeLibrary() {}

    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            RocksDB.loadLibrary(List.of(unpacked().toAbsolutePath().toString()));
        } catch (IOException | UnsatisfiedLinkError e) {
            // No jar, no cache directory, or one that forbids execution: RocksDB's own way uses the temporary
            // directory.
            RocksDB.loadLibrary();
        }
        loaded = true;
    }

    /** The directory that holds the library under the name RocksDB looks for. */
    private static Path unpacked() throws IOException {
        String fileName = Environment.getJniLibraryFileName("rocksdb");
        URL url = RocksDB.class.getClassLoader().getResource(fileName);
        if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException("no " + fileName + " in a jar of this program");
        }
        JarEntry entry = connection.getJarEntry();
        Path directory = CacheDirectory.path()
                .resolve("native")
                .resolve(String.format(Locale.ROOT, "rocksdb-%08x", entry.getCrc()));
        // Not the name it has in the jar: asked to load from a directory, RocksDB says "jni" twice.
        Path library = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (!Files.exists(library) || Files.size(library) != entry.getSize()) {
            Files.createDirectories(directory);
            Path partial = Files.createTempFile(directory, fileName, ".partial");
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
                Files.move(partial, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        }
        return directory;
    }
}
