package io.varve.engine;

import io.varve.store.check.ReadRate;

/**
 * How fast a job may go, all its workers together, so that others get their share of disks and network. Thread-safe.
 *
 * @param read bytes taken from the source
 * @param write bytes handed to the target
 */
public record Pace(ReadRate read, ReadRate write) {
    /** As fast as it goes. */
    public static final Pace UNLIMITED = new Pace(ReadRate.unlimited(), ReadRate.unlimited());
}
