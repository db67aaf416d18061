package io.varve.adapters.raw;

import io.varve.adapters.file.AtomicBits;
import io.varve.adapters.file.PartialFile;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/** A new raw disk, sparse where nothing was written. {@link ByteTarget} defines when it gets its name. */
public final class RawTarget implements DiskTarget {
    private static final long PIECE = 1 << 20;

    private final ByteTarget file;
    private final long size;

    /** The pieces of {@value #PIECE} bytes that may hold data other than zeros. Takes 8 MiB of heap for 64 TiB. */
    private final AtomicBits written;

    private RawTarget(ByteTarget file, long size) {
        this.file = file;
        this.size = size;
        this.written = new AtomicBits(size / PIECE + 1);
    }

    /**
     * Creates a disk of {@code size} bytes that gets the name {@code name} at commit.
     *
     * @param replace whether an existing file of that name is replaced at commit; otherwise it is an error
     */
    public static RawTarget create(Path name, long size, boolean replace) throws IOException {
        return create(sparse -> PartialFile.create(name, replace, sparse), size);
    }

    /** Creates a disk of {@code size} bytes in a file of {@code maker}. */
    public static RawTarget create(ByteTarget.Maker maker, long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("negative disk size " + size);
        }
        ByteTarget file = maker.make(true);
        try {
            file.setLength(size);
            return new RawTarget(file, size);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        Objects.checkFromIndexSize(offset, (long) source.remaining(), size);
        for (long piece = offset / PIECE; piece * PIECE < offset + source.remaining(); piece++) {
            written.set(piece);
        }
        file.write(offset, source);
    }

    @Override
    public void zero(Range range) throws IOException {
        Objects.checkFromIndexSize(range.offset(), range.length(), size);
        long piece = written.next(range.offset() / PIECE);
        for (; piece * PIECE < range.endOffset(); piece = written.next(piece + 1)) {
            long offset = Math.max(piece * PIECE, range.offset());
            long endOffset = Math.min((piece + 1) * PIECE, range.endOffset());
            file.writeZeros(offset, endOffset - offset);
        }
    }

    @Override
    public void commit() throws IOException {
        file.publish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
