package io.varve.store.coordination;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Who is at work in a repository. It settles two questions for everybody who uses the same repository, on whatever
 * computer: who may do what now, and whose process still lives.
 *
 * <p>Nothing here may rest on a clock: a right ends when it is closed or when its holder is dead, and somebody counts
 * as dead only when it is certain that nothing of what he began can still take effect.
 *
 * <p>Threading: all methods may be called from many threads at once.
 */
public interface Coordination {
    /** What somebody may do. */
    enum Right {
        /** Write, together with others who do. */
        WRITE,
        /** Write alone: nobody has {@link #WRITE} meanwhile. */
        WRITE_ALONE,
        /** Condemn packs, delete condemned ones, or undo that: one at a time, beside those who write. */
        COLLECT,
        /** Remove keys: one at a time, beside everything else. */
        REMOVE_KEYS
    }

    /** A right, until it is closed. */
    interface Grant extends Closeable {
        @Override
        void close() throws IOException;
    }

    /** Proof to others that its owner is alive, until it is closed or its process ends. */
    interface Life extends Closeable {
        /** A random UUID that nobody had before and nobody will have again. */
        String id();

        /** Ends it. Nobody sees it as alive from now on. */
        @Override
        void close() throws IOException;
    }

    /**
     * Takes a right unless somebody stands in the way. Does not wait.
     *
     * @param purpose shown to those who wait; not kept for {@link Right#WRITE}, whose holders have session records
     * @return empty when somebody stands in the way
     */
    Optional<Grant> tryTake(Right right, String purpose) throws IOException;

    /** Who stands in the way of a right, for people; empty when it is not known. */
    String holder(Right right) throws IOException;

    /** Begins a life. */
    Life begin() throws IOException;

    /**
     * Whether the owner of a life may still act.
     *
     * @param id of a life, whoever began it
     */
    boolean isAlive(String id) throws IOException;

    /** Whether this very process owns that life, and has not ended it. */
    boolean isOwn(String id) throws IOException;

    /**
     * Takes over what a dead owner left, so that one process clears it, and no two.
     *
     * @return to be closed when everything else of it is cleared; empty while the owner lives or somebody else clears
     */
    Optional<Closeable> takeOver(String id) throws IOException;

    /** Clears what the dead left in the coordination itself, where nothing else tells of them. */
    void clearDead() throws IOException;
}
