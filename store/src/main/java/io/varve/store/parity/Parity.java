package io.varve.store.parity;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackFormat;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;

/** Where the parity of packs lies, and what of it is there. */
public final class Parity {
    public static final int MIN_PERCENT = ParityLayout.MIN_PERCENT;
    public static final int MAX_PERCENT = ParityLayout.MAX_PERCENT;
    public static final String DIRECTORY = "parity";
    private static final String PACKS = "packs";

    private Parity() {}

    /** Name of the object that holds the parity of {@code pack}. */
    public static String objectName(ChunkId pack) {
        return DIRECTORY + PackFormat.objectName(pack).substring(PACKS.length());
    }

    /** The pack whose parity has this name, or null when it is no such name. */
    public static ChunkId packOfObject(String name) {
        return PackFormat.idOfObject(PACKS + name.substring(DIRECTORY.length()));
    }

    /** Packs that parity is there for, or was, whether or not they are there themselves. */
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

    /** Removes the parity of a pack that is about to go, or of one that is gone. */
    public static void delete(Backend backend, ChunkId pack) throws IOException {
        try {
            backend.delete(objectName(pack));
        } catch (NoSuchFileException e) {
            // It had none.
        }
    }
}
