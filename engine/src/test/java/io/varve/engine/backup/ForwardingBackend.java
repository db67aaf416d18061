package io.varve.engine.backup;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;

/** Another backend, for tests that watch or hold up some of its verbs. */
public abstract class ForwardingBackend implements Backend {
    private final Backend inner;

    protected ForwardingBackend(Backend inner) {
        this.inner = inner;
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public ObjectWriter create() throws IOException {
        ObjectWriter object = inner.create();
        return new ObjectWriter() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                object.append(bytes);
            }

            @Override
            public long length() {
                return object.length();
            }

            @Override
            public void publish(String name) throws IOException {
                ForwardingBackend.this.publish(object, name);
            }

            @Override
            public void close() throws IOException {
                object.close();
            }
        };
    }

    /** How an object gets its name. */
    protected void publish(ObjectWriter object, String name) throws IOException {
        object.publish(name);
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
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
    public void move(String name, String target) throws IOException {
        inner.move(name, target);
    }

    @Override
    public void settle(Collection<String> names) throws IOException {
        inner.settle(names);
    }

    @Override
    public boolean mayWrite() throws IOException {
        return inner.mayWrite();
    }

    @Override
    public void listTop(NameVisitor visitor) throws IOException {
        inner.listTop(visitor);
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
