package io.varve.adapters.contract;

import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.EOFException;
import java.nio.ByteBuffer;

/** A byte source over an array: the simplest thing that keeps the contract, and where hostile images live in tests. */
public class MemoryByteSource implements ByteSource {
    private final byte[] content;
    private final int size;
    public boolean closed;

    public MemoryByteSource(byte[] content) {
        this(content, content.length);
    }

    /** A file that ends after the first {@code size} bytes of {@code content}. */
    public MemoryByteSource(byte[] content, int size) {
        this.content = content;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return "memory.bin";
    }

    @Override
    public void read(long offset, ByteBuffer target) throws EOFException {
        checkInside(offset, target.remaining());
        target.put(content, (int) offset, target.remaining());
    }

    @Override
    public RangeSet dataRanges(Range window) {
        return RangeSet.of(window).clip(new Range(0, Math.max(size, 1)));
    }

    @Override
    public void close() {
        closed = true;
    }
}
