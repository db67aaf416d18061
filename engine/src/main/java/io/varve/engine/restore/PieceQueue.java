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
 * Cuts a disk into pieces of consecutive blocks, none across the border of a leaf. A new target needs no leaves of
 * zeros: they are passed over. Thread-safe.
 */
final class PieceQueue {
    /**
     * Bytes. What lies in a piece is read in the order of the packs: the larger it is, the longer are the stretches
     * that one night left there, and the fewer the reads.
     */
    private static final int LARGEST_PIECE = 16 << 20;

    private static final int SMALLEST_PIECE = 1 << 20;

    /** So many small pieces take the memory of one. */
    private static final int SMALL = 4;

    /** Bytes of all pieces under way, if they can be that small. */
    private static final int ALL_PIECES = 64 << 20;

    private final BlockMap map;
    private final BlockMap before; // null unless only the difference to it is wanted
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

    /** What a new target needs: leaves of zeros are passed over. */
    static PieceQueue ofNew(BlockMap map, BlockGrid grid, int workers, Cancellation cancellation) {
        return new PieceQueue(map, null, grid, false, workers, cancellation);
    }

    /** Everything, for a target that has some content. */
    static PieceQueue ofExisting(BlockMap map, BlockGrid grid, int workers, Cancellation cancellation) {
        return new PieceQueue(map, null, grid, true, workers, cancellation);
    }

    /** Leaves in which {@code map} differs from {@code before}. */
    static PieceQueue ofDifference(
            BlockMap map, BlockMap before, BlockGrid grid, int workers, Cancellation cancellation) {
        return new PieceQueue(map, before, grid, false, workers, cancellation);
    }

    /** Whether the target has a parent, whose content shows where nothing is written. */
    boolean isDifference() {
        return before != null;
    }

    /** Most blocks of a piece. */
    int blocksPerPiece() {
        return blocksPerPiece;
    }

    /** Most blocks of a piece for one who helps out, and shall take little memory. */
    int blocksPerSmallPiece() {
        return Math.max(1, blocksPerPiece / SMALL);
    }

    /**
     * @param leaf the ids; entry {@code firstBlock % 256} is the piece's first
     * @param before the ids of what the target is a difference to; null for other targets and where they are lost
     * @param leafFailure why there are none
     */
    record Piece(long firstBlock, int blockCount, MapPage leaf, MapPage before, IOException leafFailure) {
        ChunkId id(int i) {
            return leaf.id(entry(i));
        }

        /** Whether block {@code i} of the piece is what the target's parent has there. */
        boolean isInherited(int i) {
            return before != null && before.is(entry(i), id(i));
        }

        private int entry(int i) {
            return (int) ((firstBlock + i) % MapShape.FAN_OUT);
        }
    }

    /**
     * The next piece, or null at the end or when a stop was requested.
     *
     * @param most blocks of it
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

    /** Null also when it cannot be read: then all of the leaf counts as different. */
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
            return block; // a damaged page in the way: go leaf by leaf, each reports for itself
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

    /** Bytes passed over because they are zeros. */
    synchronized long skipped() {
        return skippedBytes;
    }
}
