package io.varve.adapters.vhd;

import io.varve.adapters.file.AtomicBits;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A new fixed VHD: the content, followed by a footer. Unwritten parts remain holes if the file system supports holes.
 * Heap: one bit per MiB of the disk.
 */
final class FixedTarget extends VhdTarget {
    private static final int PIECE = VhdFormat.MIB;

    /** The pieces that may hold data other than zeros. */
    private final AtomicBits written;

    FixedTarget(ByteTarget file, NewLayout layout) {
        super(file, layout);
        this.written = new AtomicBits(layout.disk().size() / PIECE + 1);
    }

    @Override
    void writeInside(long offset, ByteBuffer source) throws IOException {
        for (long piece = offset / PIECE; piece * PIECE < offset + source.remaining(); piece++) {
            written.set(piece);
        }
        file().write(offset, source);
    }

    @Override
    void zeroInside(Range range) throws IOException {
        long piece = written.next(range.offset() / PIECE);
        for (; piece * PIECE < range.endOffset(); piece = written.next(piece + 1)) {
            long offset = Math.max(piece * PIECE, range.offset());
            long endOffset = Math.min((piece + 1) * PIECE, range.endOffset());
            file().writeZeros(offset, endOffset - offset);
        }
    }

    @Override
    long complete() {
        return size();
    }
}
