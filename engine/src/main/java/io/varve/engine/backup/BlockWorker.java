package io.varve.engine.backup;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.plan.Run;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.BlockGrid;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.map.MapPage;
import io.varve.store.session.ChunkWriter;
import io.varve.store.snapshot.DiskCounters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;

/**
 * Follows runs from disk to pack: read, zero test, id, comparison with the parent, and for what is new the chunk
 * writer. Owns its buffers: one run and 2.1 blocks of direct memory.
 */
final class BlockWorker implements Callable<DiskCounters> {
    private final DiskImage image;
    private final BlockGrid grid;
    private final LeafQueue queue;
    private final MapAssembly assembly;
    private final ChunkWriter chunks;
    private final BackupListener listener;
    private final Stop stop;
    private final Pace pace;
    private final ByteBuffer buffer;

    private long changed;
    private long read;
    private long zero;
    private long added;
    private long stored;
    private long audited;

    BlockWorker(
            DiskImage image,
            BlockGrid grid,
            LeafQueue queue,
            MapAssembly assembly,
            ChunkWriter chunks,
            BackupListener listener,
            Stop stop,
            Pace pace,
            int runSize) {
        this.image = image;
        this.grid = grid;
        this.queue = queue;
        this.assembly = assembly;
        this.chunks = chunks;
        this.listener = listener;
        this.stop = stop;
        this.pace = pace;
        this.buffer = ByteBuffer.allocateDirect(runSize);
    }

    @Override
    public DiskCounters call() throws IOException {
        try {
            LeafQueue.Task task;
            while (!stop.isRequested() && (task = queue.next()) != null) {
                if (task.run() != null) {
                    process(task.leaf(), task.run());
                }
                if (task.leaf().runDone()) {
                    finish(task.leaf());
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            stop.request();
            throw e;
        }
        return new DiskCounters(changed, read, zero, added, stored + chunks.pageBytesStored(), audited);
    }

    private void process(LeafEdit leaf, Run run) throws IOException {
        buffer.clear().limit(run.length());
        pace.read().take(run.length());
        try {
            image.read(run.offset(), buffer);
        } catch (IOException e) {
            throw new SourceException(
                    image.location() + ": cannot read " + run.length() + " bytes at " + run.offset() + " of the disk: "
                            + e.getMessage(),
                    e);
        }
        read += run.length();
        listener.bytesRead(run.length());
        long first = grid.blockNumber(run.offset());
        for (int at = 0; at < run.length(); at += grid.blockSize()) {
            long block = first + at / grid.blockSize();
            ByteBuffer content = buffer.slice(at, grid.length(block));
            ChunkId id = chunks.id(content);
            if (run.reason() == Run.Reason.AUDIT) {
                audit(leaf, block, id, content.remaining());
            } else {
                store(leaf, block, id, content);
            }
        }
    }

    private void audit(LeafEdit leaf, long block, ChunkId id, int length) throws AuditMismatchException {
        audited += length;
        if (!leaf.isUnchanged(block, id)) {
            throw new AuditMismatchException(grid.offset(block), length);
        }
    }

    private void store(LeafEdit leaf, long block, ChunkId id, ByteBuffer content) throws IOException {
        leaf.set(block, id);
        if (!id.isZero() && !leaf.isUnchanged(block, id)) {
            int length = content.remaining();
            int frameLength = chunks.put(ChunkKind.BLOCK, id, content);
            if (frameLength > 0) {
                pace.write().take(frameLength);
                stored += frameLength;
                added += length;
            }
        }
    }

    private void finish(LeafEdit leaf) throws IOException {
        LeafEdit.Changed difference = leaf.changed(grid);
        changed += difference.bytes();
        zero += difference.zero();
        MapPage page = leaf.page();
        assembly.leaf(leaf.sequence(), leaf.leaf(), page.isZero() ? ChunkId.ZERO : chunks.store(page));
    }

    /** A worker failed or a stop was requested: everybody looks here between two runs. Thread-safe. */
    static final class Stop {
        private final Cancellation cancellation;
        private volatile boolean requested;

        Stop(Cancellation cancellation) {
            this.cancellation = cancellation;
        }

        boolean isRequested() {
            return requested || cancellation.isRequested();
        }

        void request() {
            requested = true;
        }
    }
}
