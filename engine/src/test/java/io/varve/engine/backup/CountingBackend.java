package io.varve.engine.backup;

import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Counts bytes that are read from packs. */
public final class CountingBackend implements Backend {
    private final Backend inner;
    public final AtomicLong bytes = new AtomicLong();

    public CountingBackend(Path root) {
        inner = new LocalBackend(root);
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public ObjectWriter create() throws IOException {
        return inner.create();
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        if (name.startsWith("packs/")) {
            bytes.addAndGet(target.remaining());
        }
        inner.read(name, offset, target);
    }

    @Override
    public long size(String name) throws IOException {
        return inner.size(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return inner.exists(name);
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        inner.list(directory, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        inner.delete(name);
    }

    @Override
    public void deleteUnpublished() throws IOException {
        inner.deleteUnpublished();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }
}
