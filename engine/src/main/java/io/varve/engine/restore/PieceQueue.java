package io.varve.engine.restore;

import io.varve.engine.Cancellation;
import io.varve.engine.range.BlockGrid;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import java.io.IOException;

/**
 * Cuts a disk into pieces of consecutive blocks, none across the border of a leaf. A new target needs no leaves of
 * zeros: they are passed over. Thread-safe.
 */
final class PieceQueue {
    private static final int PIECE_SIZE = 1 << 20;

    private final BlockMap map;
    private final BlockGrid grid;
    private final boolean everything;
    private final Cancellation cancellation;
    private final int blocksPerPiece;
    private long nextBlock;
    private long skippedBytes;
    private boolean stopped;

    /** @param everything whether leaves of zeros count too */
    PieceQueue(BlockMap map, BlockGrid grid, boolean everything, Cancellation cancellation) {
        this.map = map;
        this.grid = grid;
        this.everything = everything;
        this.cancellation = cancellation;
        this.blocksPerPiece = Math.min(MapShape.FAN_OUT, Math.max(1, PIECE_SIZE / grid.blockSize()));
    }

    /** Most blocks of a piece. */
    int blocksPerPiece() {
        return blocksPerPiece;
    }

    /**
     * @param leaf the ids; entry {@code firstBlock % 256} is the piece's first
     * @param leafFailure why there are none
     */
    record Piece(long firstBlock, int blockCount, MapPage leaf, IOException leafFailure) {}

    /** The next piece, or null at the end or when a stop was requested. */
    synchronized Piece next() throws IOException {
        if (stopped || cancellation.isRequested() || nextBlock >= grid.blockCount()) {
            return null;
        }
        long first = nextBlock;
        if (!everything && first % MapShape.FAN_OUT == 0) {
            first = skipZeroLeaves(first);
            if (first >= grid.blockCount()) {
                return null;
            }
        }
        long leaf = first / MapShape.FAN_OUT;
        long end = Math.min(Math.min(first + blocksPerPiece, (leaf + 1) * MapShape.FAN_OUT), grid.blockCount());
        nextBlock = end;
        try {
            return new Piece(first, (int) (end - first), map.leaf(leaf), null);
        } catch (io.varve.store.CorruptDataException e) {
            return new Piece(first, (int) (end - first), null, e);
        }
    }

    private long skipZeroLeaves(long block) {
        long leaf;
        try {
            leaf = map.nextLeaf(block / MapShape.FAN_OUT);
        } catch (IOException e) {
            return block; // a damaged page in the way: go leaf by leaf, each reports for itself
        }
        long next = leaf < 0 ? grid.blockCount() : leaf * MapShape.FAN_OUT;
        skippedBytes += Math.min(grid.diskSize(), next * grid.blockSize()) - grid.offset(block);
        nextBlock = next;
        return next;
    }

    synchronized void stop() {
        stopped = true;
    }

    /** Bytes passed over because they are zeros. */
    synchronized long skipped() {
        return skippedBytes;
    }
}
