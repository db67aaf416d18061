package io.varve.engine.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * What all disks of a backup share.
 *
 * @param startedAt the moment the snapshot counts for
 * @param earlier the machine's snapshots before it
 * @param doubt why the change lists of all disks deserve distrust tonight; empty on an ordinary night
 */
record Night(Instant startedAt, EarlierNights earlier, Optional<String> doubt) {}
