package io.varve.engine.gc;

import io.varve.engine.backup.ForwardingBackend;
import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A backend whose verbs wait for their turn: all by which sessions and collections see or change what is there. */
final class SteppedBackend extends ForwardingBackend {
    private final Turns turns;
    private final boolean atPacks;

    /** @param atPacks whether reading packs takes a turn, too: it matters to those from whom they can be taken away */
    SteppedBackend(Backend backend, Turns turns, boolean atPacks) {
        super(backend);
        this.turns = turns;
        this.atPacks = atPacks;
    }

    @Override
    protected void publish(ObjectWriter object, String name) throws IOException {
        turns.step();
        super.publish(object, name);
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        if (atPacks || name.endsWith(".json")) {
            turns.step();
        }
        super.read(name, offset, target);
    }

    @Override
    public boolean exists(String name) throws IOException {
        turns.step();
        return super.exists(name);
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        turns.step();
        super.list(directory, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        turns.step();
        super.delete(name);
    }

    @Override
    public void deleteUnpublished() throws IOException {
        turns.step();
        super.deleteUnpublished();
    }
}
