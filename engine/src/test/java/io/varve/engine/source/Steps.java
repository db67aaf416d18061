package io.varve.engine.source;

/** The life of one process, which ends at a given step: from then on it does nothing any more. */
public final class Steps {
    /** The process is gone; whoever sees this is not really there. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final int lastStep;
    private int step;

    /** @param lastStep at which the process dies, from 1; 0 for never */
    public Steps(int lastStep) {
        this.lastStep = lastStep;
    }

    /** Asked before each thing that the process does to the source. */
    public synchronized void step() {
        if (isDead() || ++step == lastStep) {
            step = lastStep;
            throw new Crash();
        }
    }

    public synchronized boolean isDead() {
        return lastStep > 0 && step >= lastStep;
    }
}
