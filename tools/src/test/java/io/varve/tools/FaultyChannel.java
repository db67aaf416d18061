package io.varve.tools;

import io.varve.tools.Faults.Effect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file whose operations fail when {@link Faults} says so. */
final class FaultyChannel extends FileChannel {
    private final FileChannel real;
    private final Path path;

    FaultyChannel(FileChannel real, Path path) {
        this.real = real;
        this.path = path;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return Faults.onOpenFile("read", path, Effect.NONE, () -> real.read(target));
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return Faults.onOpenFile("read", path, Effect.NONE, () -> real.read(targets, offset, length));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return Faults.onOpenFile("read", path, Effect.NONE, () -> real.read(target, position));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return Faults.onOpenFile("write", path, Effect.GROWS, () -> real.write(source));
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return Faults.onOpenFile("write", path, Effect.GROWS, () -> real.write(sources, offset, length));
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        return Faults.onOpenFile("write", path, Effect.GROWS, () -> real.write(source, position));
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        return Faults.onOpenFile("truncate", path, Effect.CHANGES, () -> {
            real.truncate(size);
            return this;
        });
    }

    @Override
    public void force(boolean metaData) throws IOException {
        Faults.onOpenFile("sync", path, Effect.CHANGES, () -> {
            real.force(metaData);
            return null;
        });
    }

    @Override
    public long transferTo(long position, long length, WritableByteChannel target) throws IOException {
        return Faults.onOpenFile("read", path, Effect.NONE, () -> real.transferTo(position, length, target));
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long length) throws IOException {
        return Faults.onOpenFile("write", path, Effect.GROWS, () -> real.transferFrom(source, position, length));
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return Faults.onOpenFile("map", path, Effect.NONE, () -> real.map(mode, position, size));
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return Faults.onOpenFile("lock", path, Effect.NONE, () -> real.tryLock(position, size, shared));
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
