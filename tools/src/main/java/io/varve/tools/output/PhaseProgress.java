package io.varve.tools.output;

/** The progress of work that goes through phases, one after another. Thread-safe. */
public final class PhaseProgress implements AutoCloseable {
    private final Output output;
    private Progress current; // null between phases

    public PhaseProgress(Output output) {
        this.output = output;
    }

    /** Ends the phase before, and begins one that counts things. */
    public synchronized void count(String phase, long total) {
        close();
        current = Progress.count(output, Subject.phase(phase), total);
    }

    /** Ends the phase before, and begins one that counts bytes. */
    public synchronized void bytes(String phase, long total) {
        close();
        current = Progress.start(output, Subject.phase(phase), total);
    }

    /** @param more things or bytes of the current phase */
    public synchronized void add(long more) {
        current.add(more);
    }

    @Override
    public synchronized void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
