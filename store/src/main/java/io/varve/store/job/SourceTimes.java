package io.varve.store.job;

/**
 * How long a source took beside reading.
 *
 * @param freezeMillis until it was frozen and opened, in milliseconds
 * @param releaseMillis after the commit, until it was as before: for a Hyper-V machine, until the host had merged the
 *     checkpoint's files
 */
public record SourceTimes(long freezeMillis, long releaseMillis) {}
