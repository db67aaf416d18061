package io.varve.engine.restore;

import io.varve.engine.Pace;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.BlockGrid;
import io.varve.store.session.ReadSession;

/**
 * What all workers of one restore share.
 *
 * @param grid the disk's blocks
 * @param pieces what is left to restore
 * @param processors how many workers use a processor at a time
 * @param allowDamaged whether damaged blocks are written as zeros
 */
record RestoreWork(
        ReadSession session,
        BlockGrid grid,
        PieceQueue pieces,
        DiskTarget target,
        Processors processors,
        boolean allowDamaged,
        Pace pace,
        RestoreListener listener) {}
