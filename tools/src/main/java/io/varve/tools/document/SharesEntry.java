package io.varve.tools.document;

import java.util.List;

@Says("Who alone needs what: forgetting it, and then gc, would free that much.")
public record SharesEntry(
        @Says("By machine, the largest first") List<MachineShareEntry> machineShares,
        @Says("By snapshot, the largest first") List<SnapshotShareEntry> snapshotShares,

        @Says("What snapshots of several machines need, in bytes")
        long sharedBytes) {}
