package io.varve.bench;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads past the page cache. Offsets, lengths and buffers have to be aligned; file systems without it refuse. */
final class UncachedSource implements ByteSource {
    static final int ALIGNMENT = 4096;

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private UncachedSource(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
    }

    static UncachedSource open(Path path) throws IOException {
        return new UncachedSource(path, FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT));
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            int count = channel.read(target, position);
            if (count < 0) {
                throw new EOFException(path + " ends at " + position);
            }
            position += count;
        }
    }

    @Override
    public RangeSet dataRanges(Range window) {
        return RangeSet.of(window);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
