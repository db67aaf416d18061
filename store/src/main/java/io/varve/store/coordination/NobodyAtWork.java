package io.varve.store.coordination;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The coordination of a repository that cannot be written to: no rights are held, and none can be taken. */
public final class NobodyAtWork implements Coordination {
    private final String location;

    /** @param location location of the repository, for messages */
    public NobodyAtWork(String location) {
        this.location = location;
    }

    private IOException readOnly() {
        return new IOException(location + " is read-only here");
    }

    @Override
    public Optional<Grant> tryTake(Right right, String purpose) throws IOException {
        throw readOnly();
    }

    @Override
    public String holder(Right right) {
        return "";
    }

    @Override
    public Life begin() throws IOException {
        throw readOnly();
    }

    @Override
    public boolean isAlive(String id) {
        return false;
    }

    @Override
    public boolean isOwn(String id) {
        return false;
    }

    @Override
    public Optional<Closeable> takeOver(String id) {
        return Optional.of(() -> {});
    }

    @Override
    public void clearDead() {
        // There is nothing to remove.
    }
}
