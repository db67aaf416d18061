package io.varve.store.session;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Codec;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.index.Place;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSet;
import io.varve.store.map.PageSource;
import java.io.IOException;

/** Walks a block map and checks that every page can be read and every block is in some pack. */
final class MapPresence {
    private MapPresence() {}

    /** Checks the whole map. */
    static boolean isComplete(BlockMap map, PageSource pages, ChunkLookup lookup) throws IOException {
        return isComplete(map, new BlockMap(map.shape(), ChunkId.ZERO, pages), lookup);
    }

    /** @param proven a map of the same shape that is known to be complete: shared parts are not walked */
    static boolean isComplete(BlockMap map, BlockMap proven, ChunkLookup lookup) throws IOException {
        try {
            return new Walk(map, proven, lookup)
                    .page(map.root(), proven.root(), map.shape().rootLevel());
        } catch (CorruptDataException e) {
            return false; // a page is missing or damaged
        }
    }

    /** Visits each page once, however often it occurs: a manifest may claim a disk that is too large to walk. */
    private static final class Walk {
        private final BlockMap map;
        private final BlockMap proven;
        private final ChunkLookup lookup;
        private final PageSet visited = new PageSet();

        Walk(BlockMap map, BlockMap proven, ChunkLookup lookup) {
            this.map = map;
            this.proven = proven;
            this.lookup = lookup;
        }

        /** Continues after something is missing, so that the caller learns the places of everything else. */
        boolean page(ChunkId id, ChunkId before, int level) throws IOException {
            if (id.isZero() || id.equals(before) || !visited.add(id)) {
                return true;
            }
            MapPage page = map.read(id, level);
            MapPage other = before.isZero() ? MapPage.zero(level) : proven.read(before, level);
            boolean complete = true;
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                ChunkId below = page.id(entry);
                if (level > 0) {
                    complete &= page(below, other.id(entry), level - 1);
                } else if (!below.isZero() && !other.is(entry, below)) {
                    complete &= canBeBlock(lookup.find(below));
                }
            }
            return complete;
        }

        /**
         * Whether a block can be stored at this place. Lengths are in the frames, and reading every frame would cost as
         * much as reading the disk. A frame larger than a block is rejected; for all others, readers check the length.
         */
        private boolean canBeBlock(Place place) {
            return place != null && place.storedLength() <= map.shape().blockSize() + Codec.SEAL_LENGTH;
        }
    }
}
