package io.varve.engine.restore;

import io.varve.engine.Cancellation;
import io.varve.engine.range.BlockGrid;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapDiff;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import java.io.IOException;

/**
 * Cuts a disk into pieces of consecutive blocks. No piece crosses the boundary of a leaf. For a new target, leaves of
 * zeros are skipped. Thread-safe.
 */
final class PieceQueue {
    /**
     * Largest length of a piece in bytes. The chunks of a piece are read in the order of the packs, so larger pieces
     * give longer sequential reads, and fewer of them.
     */
    private static final int LARGEST_PIECE = 16 << 20;

    private static final int SMALLEST_PIECE = 1 << 20;

    /** How many small pieces take the memory of a normal one. */
    private static final int SMALL = 4;

    /** Target for the bytes of all pieces that are in progress. */
    private static final int ALL_PIECES = 64 << 20;

    private final BlockMap map;
    private final BlockMap before; // null unless only the differences from it are restored
    private final BlockGrid grid;
    private final boolean everything;
    private final Cancellation cancellation;
    private final int blocksPerPiece;
    private long nextBlock;
    private long skippedBytes;
    private boolean stopped;

    private PieceQueue(
            BlockMap map, BlockMap before, BlockGrid grid, boolean everything, int workers, Cancellation cancellation) {
        int pieceSize = Math.max(SMALLEST_PIECE, Math.min(LARGEST_PIECE, ALL_PIECES / workers));
        this.map = map;
        this.before = before;
        this.grid = grid;
        this.everything = everything;
        this.cancellation = cancellation;
        this.blocksPerPiece = Math.min(MapShape.FAN_OUT, Math.max(1, pieceSize / grid.blockSize()));
    }

    /** Returns a queue for a new target, which skips leaves of zeros. */
    static PieceQueue ofNew(BlockMap map, BlockGrid grid, int workers, Cancellation cancellation) {
        return new PieceQueue(map, null, grid, false, workers, cancellation);
    }

    /** Returns a queue of the whole disk, for a target with content. */
    static PieceQueue ofExisting(BlockMap map, BlockGrid grid, int workers, Cancellation cancellation) {
        return new PieceQueue(map, null, grid, true, workers, cancellation);
    }

    /** Returns a queue of the leaves in which {@code map} differs from {@code before}. */
    static PieceQueue ofDifference(
            BlockMap map, BlockMap before, BlockGrid grid, int workers, Cancellation cancellation) {
        return new PieceQueue(map, before, grid, false, workers, cancellation);
    }

    /** Whether the target has a parent whose content remains visible where nothing is written. */
    boolean isDifference() {
        return before != null;
    }

    /** Largest number of blocks in a piece. */
    int blocksPerPiece() {
        return blocksPerPiece;
    }

    /** Largest number of blocks in a piece of a helper, which must use little memory. */
    int blocksPerSmallPiece() {
        return Math.max(1, blocksPerPiece / SMALL);
    }

    /**
     * @param leaf the leaf of the piece; entry {@code firstBlock % 256} is its first block
     * @param before the leaf of the state that the target is a difference to; null for other targets, or if it is lost
     * @param leafFailure why {@code leaf} could not be read
     */
    record Piece(long firstBlock, int blockCount, MapPage leaf, MapPage before, IOException leafFailure) {
        ChunkId id(int i) {
            return leaf.id(entry(i));
        }

        /** Whether block {@code i} of the piece equals that of the target's parent. */
        boolean isInherited(int i) {
            return before != null && before.is(entry(i), id(i));
        }

        private int entry(int i) {
            return (int) ((firstBlock + i) % MapShape.FAN_OUT);
        }
    }

    /**
     * Returns the next piece, or null at the end or if a stop was requested.
     *
     * @param most largest number of blocks
     */
    synchronized Piece next(int most) throws IOException {
        if (stopped || cancellation.isRequested() || nextBlock >= grid.blockCount()) {
            return null;
        }
        long first = nextBlock;
        if (!everything && first % MapShape.FAN_OUT == 0) {
            first = before == null ? skipZeroLeaves(first) : skipEqualLeaves(first);
            if (first >= grid.blockCount()) {
                return null;
            }
        }
        long leaf = first / MapShape.FAN_OUT;
        long end = Math.min(Math.min(first + most, (leaf + 1) * MapShape.FAN_OUT), grid.blockCount());
        nextBlock = end;
        try {
            return new Piece(first, (int) (end - first), map.leaf(leaf), leafBefore(leaf), null);
        } catch (CorruptDataException e) {
            return new Piece(first, (int) (end - first), null, null, e);
        }
    }

    /** Returns the earlier leaf, or null. If it cannot be read, the whole leaf counts as different. */
    private MapPage leafBefore(long leaf) throws IOException {
        try {
            return before == null ? null : BlockMapDiff.leaf(before, leaf);
        } catch (CorruptDataException e) {
            return null;
        }
    }

    private long skipZeroLeaves(long block) throws IOException {
        long leaf;
        try {
            leaf = map.nextLeaf(block / MapShape.FAN_OUT);
        } catch (CorruptDataException e) {
            return block; // a page above is damaged: continue leaf by leaf, so that each reports its own damage
        }
        long next = leaf < 0 ? grid.blockCount() : leaf * MapShape.FAN_OUT;
        skippedBytes += Math.min(grid.diskSize(), next * grid.blockSize()) - grid.offset(block);
        nextBlock = next;
        return next;
    }

    private long skipEqualLeaves(long block) throws IOException {
        long leaf;
        try {
            leaf = BlockMapDiff.nextLeaf(before, map, block / MapShape.FAN_OUT);
        } catch (CorruptDataException e) {
            return block; // as above
        }
        nextBlock = leaf < 0 ? grid.blockCount() : leaf * MapShape.FAN_OUT;
        return nextBlock;
    }

    synchronized void stop() {
        stopped = true;
    }

    /** Number of bytes skipped because they are zeros. */
    synchronized long skipped() {
        return skippedBytes;
    }
}
