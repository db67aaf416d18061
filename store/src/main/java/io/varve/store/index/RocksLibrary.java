package io.varve.store.index;

import io.varve.store.cache.UnpackedLibrary;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/** Loads RocksDB's native library once per process. */
final class RocksLibrary {
    private static boolean loaded;

    private RocksLibrary() {}

    /** @throws IOException if it cannot be loaded; the message says what to do */
    static synchronized void load() throws IOException {
        if (loaded) {
            return;
        }
        // This is not the name in the jar: when RocksDB loads from a directory, it appends "jni" twice.
        Path library = UnpackedLibrary.of(
                RocksDB.class,
                Environment.getJniLibraryFileName("rocksdb"),
                Environment.getJniLibraryFileName("rocksdbjni"));
        try {
            RocksDB.loadLibrary(List.of(library.toAbsolutePath().getParent().toString()));
        } catch (UnsatisfiedLinkError e) {
            throw new IOException(
                    library + ": cannot be loaded (" + Reason.of(new IOException(e.getMessage()))
                            + "); set VARVE_CACHE to a directory that allows execution",
                    e);
        }
        loaded = true;
    }
}
