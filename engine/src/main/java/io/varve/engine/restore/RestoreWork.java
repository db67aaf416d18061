package io.varve.engine.restore;

import io.varve.engine.Pace;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.BlockGrid;
import io.varve.store.session.ReadSession;

/**
 * What all workers of a restore share.
 *
 * @param grid the disk's blocks
 * @param pieces hands out the pieces to restore
 * @param processors limits how many workers use a processor
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
