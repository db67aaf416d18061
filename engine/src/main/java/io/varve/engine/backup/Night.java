package io.varve.engine.backup;

import io.varve.store.session.WriteSession;
import java.time.Instant;
import java.util.Optional;

/**
 * What all disks of a backup share.
 *
 * @param startedAt the time of the snapshot
 * @param earlier the machine's snapshots before it
 * @param doubt why the change lists of all disks are trusted less tonight; empty on an ordinary night
 * @param bench buffers and chunk writers
 * @param stop ends all disks when one fails
 */
record Night(
        Instant startedAt,
        EarlierNights earlier,
        Optional<String> doubt,
        WriteSession session,
        BackupOptions options,
        BackupListener listener,
        Workbench bench,
        Stop stop) {}
