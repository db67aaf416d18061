package io.varve.store.session;

import io.varve.store.CorruptDataException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import java.io.IOException;

/** Walks a whole block map and asks whether every page can be read and every block is in some pack. */
final class MapPresence {
    private MapPresence() {}

    static boolean isComplete(BlockMap map, ChunkLookup lookup) throws IOException {
        try {
            long leaves = map.shape().leafCount();
            for (long leaf = 0; leaf < leaves && (leaf = map.nextLeaf(leaf)) >= 0; leaf++) {
                MapPage page = map.leaf(leaf);
                for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                    ChunkId id = page.id(entry);
                    if (!id.isZero() && lookup.find(id) == null) {
                        return false;
                    }
                }
            }
            return true;
        } catch (CorruptDataException e) {
            return false; // a page is missing or damaged
        }
    }
}
