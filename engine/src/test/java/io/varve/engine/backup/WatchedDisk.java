package io.varve.engine.backup;

import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A disk in memory whose reads are watched, together with those of other disks, and can be made to wait or fail. */
class WatchedDisk implements DiskImage {
    /** Happens within each read, before the bytes are there. */
    @FunctionalInterface
    interface WhileReading {
        void run() throws IOException;
    }

    /** What was seen of the reads of several disks. Thread-safe. */
    static final class Watch {
        private final Set<ByteBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
        private int inFlight;
        private int most;

        private synchronized void begin(ByteBuffer buffer) {
            buffers.add(buffer);
            most = Math.max(most, ++inFlight);
        }

        private synchronized void end() {
            inFlight--;
        }

        /** Distinct buffers that were read into. */
        synchronized int buffers() {
            return buffers.size();
        }

        synchronized int inFlight() {
            return inFlight;
        }

        /** Most reads that were in flight at once. */
        synchronized int mostInFlight() {
            return most;
        }
    }

    private final MemoryDisk disk;
    private final Watch watch;
    private final WhileReading whileReading;
    private int times = 1;

    WatchedDisk(byte[] content, Watch watch, WhileReading whileReading) {
        this.disk = new MemoryDisk(content, null);
        this.watch = watch;
        this.whileReading = whileReading;
    }

    /** For a disk that waits for something; a minute is for ever. */
    static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IOException("what was waited for never came");
            }
        } catch (InterruptedException e) {
            throw new IOException("somebody interrupted a worker", e);
        }
    }

    /** So many times the same content, without the memory; it must be whole runs. */
    WatchedDisk repeated(int count) {
        times = count;
        return this;
    }

    long bytesRead() {
        return disk.bytesRead();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        watch.begin(target);
        try {
            whileReading.run();
            disk.read(offset % disk.size(), target);
        } finally {
            watch.end();
        }
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return RangeSet.of(window);
    }

    @Override
    public long size() {
        return times * disk.size();
    }

    @Override
    public int logicalSectorSize() {
        return disk.logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return disk.physicalSectorSize();
    }

    @Override
    public Optional<UUID> guid() {
        return disk.guid();
    }

    @Override
    public String format() {
        return disk.format();
    }

    @Override
    public String location() {
        return disk.location();
    }

    @Override
    public void close() {
        disk.close();
    }
}
