package io.varve.adapters.vhdx.log;

import io.varve.adapters.chain.Zeros;
import io.varve.adapters.vhdx.log.LogPatches.Patch;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A file as it will be after its log is replayed, without changing it on disk: the file with the patches of the log,
 * and zeros past its end. Owns the source of the file.
 */
public final class ReplayedSource implements ByteSource {
    private final ByteSource source;
    private final LogPatches patches;
    private final long size;
    private final long entryCount;

    /**
     * @param size size in bytes after the replay, at least that of the file
     * @param entryCount number of entries replayed
     */
    public ReplayedSource(ByteSource source, LogPatches patches, long size, long entryCount) {
        this.source = source;
        this.patches = patches;
        this.size = size;
        this.entryCount = entryCount;
    }

    /** Whether the log changes any part of {@code [offset, endOffset)}. */
    public boolean touches(long offset, long endOffset) {
        return patches.touches(offset, endOffset);
    }

    public long entryCount() {
        return entryCount;
    }

    public int patchCount() {
        return patches.count();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return source.location();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        checkInside(offset, target.remaining());
        int limit = target.limit();
        long end = offset + target.remaining();
        try {
            for (long position = offset; position < end; ) {
                Patch patch = patches.atOrBehind(position);
                boolean patched = patch != null && patch.offset() <= position;
                long pieceEnd = patch == null ? end : Math.min(end, patched ? patch.endOffset() : patch.offset());
                target.limit(target.position() + (int) (pieceEnd - position));
                if (!patched) {
                    readFile(position, target);
                } else if (patch.isZeros()) {
                    Zeros.fill(target);
                } else {
                    target.put(page(patch).slice((int) (position - patch.offset()), target.remaining()));
                }
                position = pieceEnd;
            }
        } finally {
            target.limit(limit);
        }
    }

    /** Reads the unpatched file, with zeros past its end. */
    private void readFile(long position, ByteBuffer target) throws IOException {
        int limit = target.limit();
        int there = (int) Math.max(0, Math.min(target.remaining(), source.size() - position));
        if (there > 0) {
            source.read(position, target.limit(target.position() + there));
        }
        Zeros.fill(target.limit(limit));
    }

    /** Reads a page. A data sector is the page except for its first 8 and last 4 bytes, which are in the descriptor. */
    private ByteBuffer page(Patch patch) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(LogRing.SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        source.read(patch.sectorAt(), page);
        return page.clear().putLong(0, patch.leading()).putInt(LogRing.SECTOR - Integer.BYTES, patch.trailing());
    }

    /** Takes bytes of the file. */
    @FunctionalInterface
    public interface Sink {
        void write(long offset, ByteBuffer bytes) throws IOException;
    }

    /** Writes what the log changes to where it belongs, and lets the file have the length that the log wants. */
    public void applyTo(Sink file) throws IOException {
        if (size > source.size()) {
            file.write(size - 1, ByteBuffer.allocate(1));
        }
        long position = 0;
        for (Patch patch = patches.atOrBehind(position); patch != null; patch = patches.atOrBehind(position)) {
            for (long at = patch.offset(); at < patch.endOffset(); ) {
                int length = (int) Math.min(1 << 20, patch.endOffset() - at);
                ByteBuffer bytes = ByteBuffer.allocate(length);
                read(at, bytes);
                file.write(at, bytes.flip());
                at += length;
            }
            position = patch.endOffset();
        }
    }

    @Override
    public RangeSet dataRanges(Range window) throws IOException {
        RangeSet.Builder zeros = new RangeSet.Builder();
        RangeSet.Builder pages = new RangeSet.Builder();
        for (long position = window.offset(); position < window.endOffset(); ) {
            Patch patch = patches.atOrBehind(position);
            if (patch == null || patch.offset() >= window.endOffset()) {
                break;
            }
            (patch.isZeros() ? zeros : pages)
                    .add(Math.max(patch.offset(), window.offset()), Math.min(patch.endOffset(), window.endOffset()));
            position = patch.endOffset();
        }
        return source.dataRanges(window).minus(zeros.build()).union(pages.build());
    }

    @Override
    public List<Disturbance> disturbances() throws IOException {
        return source.disturbances();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
