package io.varve.store.gc;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Caches footers of packs: a thin pack's footer is needed for the survey, for repacking and for the check before it is
 * condemned. Keeps requested footers up to a bounded part of the heap; others are read again. One thread.
 */
final class Footers {
    /** About 56 bytes of heap for each frame of a kept footer. */
    static final int MOST_FRAMES = 1_000_000;

    private final Backend backend;
    private final int mostFrames;
    private final Map<ChunkId, PackFooter> kept = new HashMap<>();
    private int frames;

    Footers(Backend backend, int mostFrames) {
        this.backend = backend;
        this.mostFrames = mostFrames;
    }

    /** @throws io.varve.store.fault.CorruptDataException when it cannot be read */
    PackFooter of(ChunkId pack) throws IOException {
        PackFooter footer = kept.get(pack);
        return footer == null ? PackReader.footer(backend, pack) : footer;
    }

    /** Keeps a footer that will be needed again. */
    void keep(ChunkId pack, PackFooter footer) {
        if (frames + footer.frameCount() <= mostFrames && kept.putIfAbsent(pack, footer) == null) {
            frames += footer.frameCount();
        }
    }
}
