package io.varve.tools.document;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

@Says("A machine whose disks were put back to the state of a snapshot.")
public record HyperVRollbackDocument(
        @Says("Id of the snapshot") String snapshotId,

        @Says("GUID of the machine") UUID machineGuid,

        @Says("Id of the snapshot of the disks as they were before; absent if none was made")
        Optional<String> safetySnapshotId,

        @Says("The disks, as far as the command came") List<RolledBackDiskEntry> rolledBackDisks,

        @Says("Whether the disks were written; otherwise this only shows which would be")
        boolean applied) {}
