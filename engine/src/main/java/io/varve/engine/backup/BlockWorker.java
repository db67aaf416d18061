package io.varve.engine.backup;

import io.varve.engine.Pace;
import io.varve.engine.ReadSpeed;
import io.varve.engine.plan.Run;
import io.varve.engine.port.CheckpointDisk;
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
 * Takes runs of one disk from disk to pack: read, zero test, id, comparison with the parent, and for new content the
 * chunk writer. It owns only its counters: it borrows buffer and chunk writer from the {@link Workbench} for some runs,
 * then returns them.
 */
final class BlockWorker implements Callable<DiskCounters> {
    /** Enough runs to make the cost of handing over a place or a processor, which wakes a thread, negligible. */
    private static final int RUNS_OF_A_TURN = 16;

    private final CheckpointDisk disk;
    private final BlockGrid grid;
    private final LeafQueue queue;
    private final MapAssembly assembly;
    private final Workbench bench;
    private final BackupListener listener;
    private final Stop stop;
    private final Pace pace;
    private final ReadSpeed speed;
    private final boolean helper;

    private long changed;
    private long read;
    private long zero;
    private long added;
    private long stored;
    private long audited;

    BlockWorker(
            CheckpointDisk disk,
            BlockGrid grid,
            LeafQueue queue,
            MapAssembly assembly,
            Night night,
            ReadSpeed speed,
            boolean helper) {
        this.disk = disk;
        this.grid = grid;
        this.queue = queue;
        this.assembly = assembly;
        this.bench = night.bench();
        this.listener = night.listener();
        this.stop = night.stop();
        this.pace = night.options().pace();
        this.speed = speed;
        this.helper = helper;
    }

    /**
     * @throws AuditMismatchException when the disk has to be read again; other disks continue
     * @throws IOException the first failure of any worker of any disk
     */
    @Override
    public DiskCounters call() throws IOException {
        try {
            if (helper) {
                speed.awaitNeed();
            }
            while (!stop.isRequested() && takeTurn()) {}
        } catch (AuditMismatchException e) {
            queue.close();
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            stop.because(e);
        } finally {
            speed.end();
        }
        stop.check();
        return new DiskCounters(changed, read, zero, added, stored, audited);
    }

    /**
     * Processes some runs, one after the other. A worker takes its place before its task, so a worker with a task never
     * waits for one without. It keeps the processor while reading, unless reading is slow: then another worker uses it
     * meanwhile.
     *
     * @return false when there is no task left
     */
    private boolean takeTurn() throws IOException {
        ChunkWriter chunks = null;
        try (Workshop.Place place = bench.place()) {
            for (int runs = 0; runs < RUNS_OF_A_TURN; runs++) {
                LeafQueue.Task task = stop.isRequested() ? null : queue.next();
                if (task == null) {
                    return false;
                }
                if (chunks != null && speed.isSlow()) {
                    bench.giveBack(chunks);
                    chunks = null;
                }
                ByteBuffer content = task.run() == null ? null : read(task.run(), place.buffer());
                if (chunks == null) {
                    chunks = bench.processor();
                }
                if (!stop.isRequested()) {
                    process(task, content, chunks);
                }
            }
            return true;
        } finally {
            if (chunks != null) {
                bench.giveBack(chunks);
            }
        }
    }

    private ByteBuffer read(Run run, ByteBuffer buffer) throws IOException {
        buffer.clear().limit(run.length());
        pace.read().take(run.length());
        long started = System.nanoTime();
        disk.image().read(run.offset(), buffer);
        speed.add(run.length(), System.nanoTime() - started);
        read += run.length();
        listener.on(new BackupEvent.BytesRead(disk.name(), run.length()));
        return buffer;
    }

    private void process(LeafQueue.Task task, ByteBuffer content, ChunkWriter chunks) throws IOException {
        if (task.run() != null) {
            process(task.leaf(), task.run(), content, chunks);
        }
        if (task.leaf().runDone()) {
            finish(task.leaf(), chunks);
        }
    }

    private void process(LeafEdit leaf, Run run, ByteBuffer buffer, ChunkWriter chunks) throws IOException {
        long first = grid.blockNumber(run.offset());
        for (int at = 0; at < run.length(); at += grid.blockSize()) {
            long block = first + at / grid.blockSize();
            ByteBuffer content = buffer.slice(at, grid.length(block));
            ChunkId id = chunks.id(content);
            if (run.reason() == Run.Reason.AUDIT) {
                audit(leaf, block, id, content.remaining());
            } else {
                store(leaf, block, id, content, chunks);
            }
        }
    }

    private void audit(LeafEdit leaf, long block, ChunkId id, int length) throws AuditMismatchException {
        audited += length;
        if (!leaf.isUnchanged(block, id)) {
            throw new AuditMismatchException(grid.offset(block), length);
        }
    }

    private void store(LeafEdit leaf, long block, ChunkId id, ByteBuffer content, ChunkWriter chunks)
            throws IOException {
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

    private void finish(LeafEdit leaf, ChunkWriter chunks) throws IOException {
        LeafEdit.Changed difference = leaf.changed(grid);
        changed += difference.bytes();
        zero += difference.zero();
        MapPage page = leaf.page();
        long storedBefore = chunks.pageBytesStored(); // of this disk and others
        ChunkId id = page.isZero() ? ChunkId.ZERO : chunks.store(page);
        stored += chunks.pageBytesStored() - storedBefore;
        assembly.leaf(leaf.sequence(), leaf.leaf(), id);
    }
}
