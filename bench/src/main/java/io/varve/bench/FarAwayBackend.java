package io.varve.bench;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * Another backend, in which every read takes some milliseconds longer, however many are under way: as with an array of
 * disks whose heads move, or over a network.
 */
final class FarAwayBackend implements Backend {
    private final Backend near;
    private final long millis;

    FarAwayBackend(Backend near, long millis) {
        this.near = near;
        this.millis = millis;
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        near.read(name, offset, target);
    }

    @Override
    public String location() {
        return near.location();
    }

    @Override
    public ObjectWriter create() throws IOException {
        return near.create();
    }

    @Override
    public long size(String name) throws IOException {
        return near.size(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return near.exists(name);
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        near.list(directory, visitor);
    }

    @Override
    public void listNames(String directory, NameVisitor visitor) throws IOException {
        near.listNames(directory, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        near.delete(name);
    }

    @Override
    public void move(String name, String target) throws IOException {
        near.move(name, target);
    }

    @Override
    public void settle(Collection<String> names) throws IOException {
        near.settle(names);
    }

    @Override
    public boolean mayWrite() throws IOException {
        return near.mayWrite();
    }

    @Override
    public void listTop(NameVisitor visitor) throws IOException {
        near.listTop(visitor);
    }

    @Override
    public void deleteUnpublished() throws IOException {
        near.deleteUnpublished();
    }

    @Override
    public void close() throws IOException {
        near.close();
    }
}
