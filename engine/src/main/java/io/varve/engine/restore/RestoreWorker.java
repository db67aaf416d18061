package io.varve.engine.restore;

import io.varve.engine.Pace;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.store.backend.AlignedBuffer;
import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Zeros;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ChunkReader.Wanted;
import io.varve.store.session.ReadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;

/** Restores pieces, from reading packs to writing the target. Owns its buffers. */
final class RestoreWorker implements Callable<RestoreJob.Result> {
    private final BlockGrid grid;
    private final PieceQueue pieces;
    private final DiskTarget target;
    private final ExistingDisk existing; // null for a new target
    private final boolean zerosAreThere; // where nothing is written
    private final Processors processors;
    private final boolean helper;
    private final boolean allowDamaged;
    private final Pace pace;
    private final RestoreListener listener;
    private final ReadSession session;
    private final ChunkHasher hasher;
    private final int blocksPerPiece;

    // Allocated for the first piece, because most helpers never get one.
    private ChunkReader chunks;
    private ByteBuffer content;
    private ByteBuffer present; // null for a new target

    private long written;
    private long unchanged;
    private long zero;
    private long damaged;

    /** @param helper whether it works only while reading is slow, on small pieces */
    RestoreWorker(RestoreWork work, boolean helper) throws LockedRepositoryException {
        this.grid = work.grid();
        this.pieces = work.pieces();
        this.target = work.target();
        this.existing = target instanceof ExistingDisk disk ? disk : null;
        this.zerosAreThere = existing == null && !pieces.isDifference();
        this.processors = work.processors();
        this.helper = helper;
        this.allowDamaged = work.allowDamaged();
        this.pace = work.pace();
        this.listener = work.listener();
        this.session = work.session();
        this.hasher = session.newHasher();
        this.blocksPerPiece = helper ? pieces.blocksPerSmallPiece() : pieces.blocksPerPiece();
    }

    @Override
    public RestoreJob.Result call() throws IOException {
        try {
            PieceQueue.Piece piece;
            while ((piece = next()) != null) {
                Range range = RestoreJob.blocks(grid, piece.firstBlock(), piece.blockCount());
                if (piece.leafFailure() != null) {
                    giveUp(range, piece.leafFailure());
                } else {
                    restore(piece, range);
                }
                listener.bytesDone(range.length());
            }
            return new RestoreJob.Result(written, unchanged, zero, damaged);
        } catch (IOException | RuntimeException | Error e) {
            pieces.stop();
            throw e;
        } finally {
            processors.speed().end();
        }
    }

    private PieceQueue.Piece next() throws IOException {
        if (helper) {
            processors.speed().awaitNeed();
        }
        PieceQueue.Piece piece = pieces.next(blocksPerPiece);
        if (piece != null && content == null) {
            makeBuffers();
        }
        return piece;
    }

    private void makeBuffers() {
        Backend backend = session.repository().backend();
        chunks = session.newChunkReader(
                (object, offset, bytes) ->
                        processors.read(bytes.remaining(), () -> backend.read(object, offset, bytes)),
                grid.blockSize());
        int size = blocksPerPiece * grid.blockSize();
        content = AlignedBuffer.allocate(size);
        present = existing == null ? null : ByteBuffer.allocateDirect(size);
    }

    /** What to do with one block. */
    private enum Fate {
        WRITE,
        ZERO,
        KEEP
    }

    private void restore(PieceQueue.Piece piece, Range range) throws IOException {
        Fate[] fates = new Fate[piece.blockCount()];
        processors.use(() -> read(piece, range, fates));
        writeRuns(piece.firstBlock(), fates);
    }

    /** Decides what to do with each block, and reads those to be written. */
    private void read(PieceQueue.Piece piece, Range range, Fate[] fates) throws IOException {
        List<Wanted> wanted = new ArrayList<>(fates.length);
        long bytes = 0;
        BitSet holes = existing == null ? null : readPresent(range, fates.length);
        for (int i = 0; i < fates.length; i++) {
            long block = piece.firstBlock() + i;
            ChunkId id = piece.id(i);
            fates[i] = piece.isInherited(i) ? Fate.KEEP : fate(id, i, grid.length(block), holes);
            if (fates[i] == Fate.WRITE) {
                wanted.add(new Wanted(id, slice(content, i, grid.length(block)), i));
                bytes += grid.length(block);
            }
        }
        pace.read().take(bytes);
        chunks.readAll(wanted, (chunk, why) -> {
            int i = chunk.tag();
            giveUp(RestoreJob.blocks(grid, piece.firstBlock() + i, 1), why);
            fates[i] = Fate.KEEP;
        });
    }

    /** @return the blocks of the piece that are certain to be zeros and need not be read */
    private BitSet readPresent(Range range, int count) throws IOException {
        BitSet holes = new BitSet(count);
        holes.set(0, count);
        long offset = range.offset();
        try {
            for (Range data : grid.roundOut(existing.allocated(range))) {
                offset = data.offset();
                int at = (int) (offset - range.offset());
                ByteBuffer now = present.slice(at, (int) data.length());
                processors.read(now.remaining(), () -> existing.read(data.offset(), now));
                holes.clear(at / grid.blockSize(), (int) ((at + data.length() - 1) / grid.blockSize()) + 1);
            }
        } catch (IOException e) {
            throw new TargetException(target.location() + ": cannot read at " + offset + ": " + Reason.of(e), e);
        }
        return holes;
    }

    private Fate fate(ChunkId id, int i, int length, BitSet holes) {
        if (existing == null) {
            return id.isZero() ? Fate.ZERO : Fate.WRITE;
        }
        if (isSame(id, i, length, holes.get(i))) {
            unchanged += length;
            return Fate.KEEP;
        }
        return id.isZero() ? Fate.ZERO : Fate.WRITE;
    }

    private boolean isSame(ChunkId id, int i, int length, boolean isHole) {
        if (isHole) {
            return id.isZero();
        }
        ByteBuffer now = slice(present, i, length);
        return id.isZero() ? Zeros.isZero(now) : hasher.id(now).equals(id);
    }

    private ByteBuffer slice(ByteBuffer buffer, int i, int length) {
        return buffer.slice(i * grid.blockSize(), length);
    }

    private void writeRuns(long firstBlock, Fate[] fates) throws IOException {
        int from = 0;
        while (from < fates.length) {
            int to = from + 1;
            while (to < fates.length && fates[to] == fates[from]) {
                to++;
            }
            Range range = RestoreJob.blocks(grid, firstBlock + from, to - from);
            try {
                write(fates[from], range, from);
            } catch (IOException e) {
                throw new TargetException(
                        target.location() + ": cannot write " + range.length() + " bytes at " + range.offset()
                                + " of the disk: " + Reason.of(e),
                        e);
            }
            from = to;
        }
    }

    private void write(Fate fate, Range range, int from) throws IOException {
        switch (fate) {
            case WRITE -> {
                pace.write().take(range.length());
                target.write(range.offset(), content.slice(from * grid.blockSize(), (int) range.length()));
                written += range.length();
            }
            case ZERO -> {
                if (zerosAreThere) {
                    zero += range.length();
                } else {
                    target.zero(range);
                    written += range.length();
                }
            }
            case KEEP -> {}
        }
    }

    /** Replaces a range by zeros if damage is allowed, and throws otherwise. */
    private void giveUp(Range range, IOException why) throws IOException {
        if (!allowDamaged || !(why instanceof CorruptDataException corrupt)) {
            throw why;
        }
        damaged += range.length();
        if (!zerosAreThere) {
            target.zero(range);
        }
        listener.damaged(range, corrupt);
    }
}
