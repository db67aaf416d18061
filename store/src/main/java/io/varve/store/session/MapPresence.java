package io.varve.store.session;

import io.varve.store.CorruptDataException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapDiff;
import io.varve.store.map.PageSource;
import java.io.IOException;

/** Walks a block map and asks whether every page can be read and every block is in some pack. */
final class MapPresence {
    private MapPresence() {}

    /** Asks of the whole map. */
    static boolean isComplete(BlockMap map, PageSource pages, ChunkLookup lookup) throws IOException {
        return isComplete(map, new BlockMap(map.shape(), ChunkId.ZERO, pages), lookup);
    }

    /** @param proven a map of the same shape of which everything is there: what both share is not walked */
    static boolean isComplete(BlockMap map, BlockMap proven, ChunkLookup lookup) throws IOException {
        boolean[] complete = {true};
        try {
            BlockMapDiff.compare(proven, map, (block, before, after) -> {
                if (!after.isZero() && lookup.find(after) == null) {
                    complete[0] = false;
                }
            });
            return complete[0];
        } catch (CorruptDataException e) {
            return false; // a page is missing or damaged
        }
    }
}
