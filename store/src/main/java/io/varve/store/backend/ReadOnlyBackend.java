package io.varve.store.backend;

import java.io.IOException;

/** A read-only view of objects that are stored in another form. */
public abstract class ReadOnlyBackend implements Backend {
    private IOException readOnly() {
        return new IOException(location() + " is read-only here");
    }

    @Override
    public final boolean mayWrite() {
        return false;
    }

    @Override
    public final ObjectWriter create() throws IOException {
        throw readOnly();
    }

    @Override
    public final void delete(String name) throws IOException {
        throw readOnly();
    }

    @Override
    public final void move(String name, String target) throws IOException {
        throw readOnly();
    }

    @Override
    public final void deleteUnpublished() {
        // There are no unpublished objects.
    }
}
