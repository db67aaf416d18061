package io.varve.store.pack;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** Lists the packs of a repository. There is one per 64 MiB, and every backup lists them all. */
public final class PackListing {
    private PackListing() {}

    /** Calls {@code visitor} for each pack, in no particular order. */
    public static void forEach(Backend backend, Consumer<ChunkId> visitor) throws IOException {
        backend.listNames("packs", name -> {
            ChunkId id = PackFormat.idOfObject(name);
            if (id != null) {
                visitor.accept(id);
            }
        });
    }

    /** Calls {@code visitor} for each pack with its length in bytes, in no particular order. */
    public static void forEachLength(Backend backend, ObjLongConsumer<ChunkId> visitor) throws IOException {
        backend.listLengths("packs", (name, length) -> {
            ChunkId id = PackFormat.idOfObject(name);
            if (id != null) {
                visitor.accept(id, length);
            }
        });
    }

    /** Returns the ids of all packs in a new set. */
    public static Set<ChunkId> all(Backend backend) throws IOException {
        Set<ChunkId> present = new HashSet<>();
        forEach(backend, present::add);
        return present;
    }
}
