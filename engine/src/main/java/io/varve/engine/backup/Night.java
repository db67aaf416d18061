package io.varve.engine.backup;

import java.time.Instant;

/**
 * What all disks of a backup share.
 *
 * @param startedAt the moment the snapshot counts for
 * @param earlier the machine's snapshots before it
 */
record Night(Instant startedAt, EarlierNights earlier) {}
