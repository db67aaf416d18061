package io.varve.store.coordination;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Coordinates all processes that use the same repository, on any computer. It answers two questions: who may do what
 * now, and which processes are alive.
 *
 * <p>No implementation may rely on a clock. A right ends when it is closed or its holder is dead. A process counts as
 * dead only when it is certain that nothing it began can still take effect, except where {@link #deadMayGoOn}.
 *
 * <p>Threading: all methods may be called from many threads at once.
 */
public interface Coordination {
    /** A right that a process can hold. */
    enum Right {
        /** To write, together with others. */
        WRITE,
        /** To write alone: nobody has {@link #WRITE} meanwhile. */
        WRITE_ALONE,
        /** To condemn packs, delete condemned ones, or undo that. One holder at a time, alongside writers. */
        COLLECT,
        /** To remove keys. One holder at a time, alongside everything else. */
        REMOVE_KEYS
    }

    /** A right that is held until closed. */
    interface Grant extends Closeable {
        @Override
        void close() throws IOException;
    }

    /** Proves to other processes that its owner is alive, until it is closed or the process ends. */
    interface Life extends Closeable {
        /** A random UUID that is never used twice. */
        String id();

        /** Ends the life. From now on its owner counts as dead. */
        @Override
        void close() throws IOException;
    }

    /**
     * Takes a right, unless another holder prevents it. Does not wait.
     *
     * @param purpose shown to processes that wait; not recorded for {@link Right#WRITE}, whose holders have session
     *     records
     * @return empty if another holder prevents it
     */
    Optional<Grant> tryTake(Right right, String purpose) throws IOException;

    /** Returns who prevents a right from being taken, for people; empty if unknown. */
    String holder(Right right) throws IOException;

    /** Whether {@link #holder} says exactly who prevents a right, also among those who share one. */
    default boolean namesHolders() {
        return false;
    }

    /** Begins a new life. */
    Life begin() throws IOException;

    /**
     * Whether the owner of a life may still be acting.
     *
     * @param id id of a life that any process began
     */
    boolean isAlive(String id) throws IOException;

    /** Whether this process owns the life, and has not ended it. */
    boolean isOwn(String id) throws IOException;

    /**
     * Takes over what a dead owner left, so that exactly one process cleans it up.
     *
     * @return closed by the caller when everything is cleaned up; empty while the owner is alive or another process
     *     cleans up
     */
    Optional<Closeable> takeOver(String id) throws IOException;

    /** Removes traces of dead owners in the coordination itself that nothing else refers to. */
    void clearDead() throws IOException;

    /**
     * Whether other processes still count on this one's life; false if somebody declared it dead, or its traces were
     * removed.
     *
     * @param id id of a life that this process began and has not ended
     */
    default boolean isRecognized(String id) throws IOException {
        return true;
    }

    /**
     * Whether something that a dead process began can still take effect: a request on its way to a server, or the
     * process itself if it was taken for dead by mistake. Then commits are announced and sweeps marked
     * ({@code docs/protocol.md}, section 7).
     */
    default boolean deadMayGoOn() {
        return false;
    }

    /** Rights and lives that stand in the way of others until somebody removes them; empty if none can. */
    default List<Standing> standing() throws IOException {
        return List.of();
    }

    /**
     * A right or a life of some process.
     *
     * @param id for {@link #declareDead}
     * @param what {@code life}, or the right in a word
     * @param owner process and purpose, for people
     */
    record Standing(String id, String what, String owner) {}

    /** How long to wait at most before a right is tried again, in milliseconds. */
    default long longestPauseMillis() {
        return 200;
    }

    /**
     * Takes a person's word that the owner of a life is dead: its computer is lost, or was reinstalled. If it is not
     * true, the owner loses its work: it cannot commit any more.
     *
     * @param id of a life or a right; all others of the same process end with it
     * @return false if it is alive, or if the coordination knows by itself who is alive
     */
    default boolean declareDead(String id) throws IOException {
        return false;
    }
}
