package io.varve.adapters.vhdx;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that somebody writes while it is read: from its fifth read on it is another one. */
final class ChangingSource implements ByteSource {
    private final ByteSource before;
    private final ByteSource after;
    private int reads;

    ChangingSource(byte[] before, byte[] after) {
        this.before = new MemoryByteSource(before);
        this.after = new MemoryByteSource(after);
    }

    @Override
    public long size() {
        return before.size();
    }

    @Override
    public String location() {
        return before.location();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        (reads++ < 4 ? before : after).read(offset, target);
    }

    @Override
    public RangeSet dataRanges(Range window) throws IOException {
        return before.dataRanges(window);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
