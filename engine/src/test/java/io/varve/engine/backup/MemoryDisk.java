package io.varve.engine.backup;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** A disk in memory, as source and as target. Counts what is read; can be told to fail. */
public class MemoryDisk implements DiskImage, ExistingDisk {
    private final byte[] content;
    private final UUID guid;
    private RangeSet allocated;
    private long failAt = Long.MAX_VALUE;
    private Runnable beforeRead = () -> {};
    private long bytesRead;
    private boolean closed;

    public MemoryDisk(byte[] content, UUID guid) {
        this.content = content;
        this.guid = guid;
        this.allocated = content.length == 0 ? RangeSet.empty() : RangeSet.of(new Range(0, content.length));
    }

    /** Only {@code ranges} may hold data. */
    public MemoryDisk allocated(RangeSet ranges) {
        allocated = ranges;
        return this;
    }

    /** Reads that touch {@code offset} fail. */
    public MemoryDisk failingAt(long offset) {
        failAt = offset;
        return this;
    }

    public MemoryDisk beforeRead(Runnable action) {
        beforeRead = action;
        return this;
    }

    public byte[] content() {
        return content;
    }

    public synchronized long bytesRead() {
        return bytesRead;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public int logicalSectorSize() {
        return 512;
    }

    @Override
    public int physicalSectorSize() {
        return 4096;
    }

    @Override
    public Optional<UUID> guid() {
        return Optional.ofNullable(guid);
    }

    @Override
    public String format() {
        return "memory";
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        beforeRead.run();
        int length = target.remaining();
        if (failAt >= offset && failAt < offset + length) {
            throw new IOException("bad sector at " + failAt);
        }
        synchronized (this) {
            bytesRead += length;
        }
        target.put(content, Math.toIntExact(offset), length);
    }

    @Override
    public RangeSet allocated(Range window) {
        return allocated.clip(window);
    }

    @Override
    public synchronized void write(long offset, ByteBuffer source) {
        source.get(content, Math.toIntExact(offset), source.remaining());
    }

    @Override
    public synchronized void zero(Range range) {
        java.util.Arrays.fill(content, Math.toIntExact(range.offset()), Math.toIntExact(range.endOffset()), (byte) 0);
    }

    @Override
    public void commit() {}

    @Override
    public void close() {
        closed = true;
    }

    /** A new target, which cannot be read. */
    public static DiskTarget newTarget(byte[] content) {
        MemoryDisk disk = new MemoryDisk(content, null);
        return new DiskTarget() {
            @Override
            public long size() {
                return disk.size();
            }

            @Override
            public String location() {
                return disk.location();
            }

            @Override
            public void write(long offset, ByteBuffer source) {
                disk.write(offset, source);
            }

            @Override
            public void zero(Range range) {
                disk.zero(range);
            }

            @Override
            public void commit() {}

            @Override
            public void close() {}
        };
    }
}
