package io.varve.store.parity;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackFormat;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;

/** Names, lists and deletes the parity of packs. */
public final class Parity {
    public static final int MIN_PERCENT = ParityLayout.MIN_PERCENT;
    public static final int MAX_PERCENT = ParityLayout.MAX_PERCENT;
    public static final String DIRECTORY = "parity";
    private static final String PACKS = "packs";

    private Parity() {}

    /** Returns the name of the object that holds the parity of {@code pack}. */
    public static String objectName(ChunkId pack) {
        return DIRECTORY + PackFormat.objectName(pack).substring(PACKS.length());
    }

    /** Returns the pack that a parity object belongs to, or null if the name is not that of a parity object. */
    public static ChunkId packOfObject(String name) {
        return PackFormat.idOfObject(PACKS + name.substring(DIRECTORY.length()));
    }

    /** Returns the packs that have parity, including packs that no longer exist. */
    public static Set<ChunkId> list(Backend backend) throws IOException {
        Set<ChunkId> packs = new HashSet<>();
        backend.listNames(DIRECTORY, name -> {
            ChunkId pack = packOfObject(name);
            if (pack != null) {
                packs.add(pack);
            }
        });
        return packs;
    }

    /** Deletes the parity of a pack that is about to be deleted, or is gone. Does nothing if it has none. */
    public static void delete(Backend backend, ChunkId pack) throws IOException {
        try {
            backend.delete(objectName(pack));
        } catch (NoSuchFileException e) {
            // It had none.
        }
    }
}
