package io.varve.adapters.contract;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A disk in an array: image and target at once. */
public final class MemoryDisk implements DiskImage, ExistingDisk {
    public final byte[] content;
    public boolean committed;

    public MemoryDisk(byte[] content) {
        this.content = content;
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
        return 512;
    }

    @Override
    public Optional<UUID> guid() {
        return Optional.empty();
    }

    @Override
    public String format() {
        return "memory";
    }

    @Override
    public String location() {
        return "memory disk";
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), content.length);
        target.put(content, (int) offset, target.remaining());
    }

    @Override
    public RangeSet allocated(Range window) {
        return RangeSet.of(window).clip(new Range(0, Math.max(1, content.length)));
    }

    @Override
    public void write(long offset, ByteBuffer source) {
        Objects.checkFromIndexSize(offset, (long) source.remaining(), content.length);
        source.get(content, (int) offset, source.remaining());
    }

    @Override
    public void zero(Range range) {
        Objects.checkFromIndexSize(range.offset(), range.length(), (long) content.length);
        Arrays.fill(content, (int) range.offset(), (int) range.endOffset(), (byte) 0);
    }

    @Override
    public void commit() {
        committed = true;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
