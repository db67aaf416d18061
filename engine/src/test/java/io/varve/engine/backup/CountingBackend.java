package io.varve.engine.backup;

import io.varve.store.backend.LocalBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Counts bytes that are read from packs. */
public final class CountingBackend extends ForwardingBackend {
    public final AtomicLong bytes = new AtomicLong();

    public CountingBackend(Path root) {
        super(new LocalBackend(root));
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        if (name.startsWith("packs/")) {
            bytes.addAndGet(target.remaining());
        }
        super.read(name, offset, target);
    }
}
