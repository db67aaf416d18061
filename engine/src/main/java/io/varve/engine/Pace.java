package io.varve.engine;

import io.varve.store.check.ReadRate;

/**
 * Rate limits of a job, for all its workers together, so that others get their share of disks and network. Thread-safe.
 *
 * @param read limit for bytes read from the source
 * @param write limit for bytes written to the target
 */
public record Pace(ReadRate read, ReadRate write) {
    /** No limits. */
    public static final Pace UNLIMITED = new Pace(ReadRate.unlimited(), ReadRate.unlimited());
}
