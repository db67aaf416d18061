package io.varve.store.pack;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** Which packs are there. A repository has one for every 64 MiB, and every backup lists them. */
public final class PackListing {
    private PackListing() {}

    /** Tells of each, in no particular order. */
    public static void forEach(Backend backend, Consumer<ChunkId> visitor) throws IOException {
        backend.listNames("packs", name -> {
            ChunkId id = PackFormat.idOfObject(name);
            if (id != null) {
                visitor.accept(id);
            }
        });
    }

    /** Tells of each with its length in bytes, in no particular order. */
    public static void forEachLength(Backend backend, ObjLongConsumer<ChunkId> visitor) throws IOException {
        backend.listLengths("packs", (name, length) -> {
            ChunkId id = PackFormat.idOfObject(name);
            if (id != null) {
                visitor.accept(id, length);
            }
        });
    }

    /** Ids of all of them; the caller's own. */
    public static Set<ChunkId> all(Backend backend) throws IOException {
        Set<ChunkId> present = new HashSet<>();
        forEach(backend, present::add);
        return present;
    }
}
