package io.varve.tools.command;

import io.varve.adapters.rsvd.SharedDisk;
import io.varve.adapters.rsvd.wire.Snapshots;
import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RsvdSnapshotEntry;
import io.varve.tools.document.RsvdSnapshotsDocument;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "snapshots",
        mixinStandardHelpOptions = true,
        description = "List the snapshots of a VHD set, also those of other programs.")
@Prints(RsvdSnapshotsDocument.class)
final class RsvdSnapshotsCommand extends RsvdDiskCommand {
    @Override
    void run(SharedDisk opened, Output output, Cancellation cancellation) throws IOException {
        List<RsvdSnapshotEntry> entries = new ArrayList<>();
        for (UUID id : opened.snapshots()) {
            cancellation.check();
            Snapshots.Entry entry = opened.snapshot(id);
            entries.add(new RsvdSnapshotEntry(id.toString(), entry.isValid(), entry.isOfVm()));
            output.line(
                    "%s%s%s",
                    id,
                    entry.isValid() ? "" : ", not complete",
                    entry.isOfVm() ? "" : ", of another kind (replication)");
        }
        output.line("%s", Count.of(entries.size(), "snapshot"));
        output.document(() -> new RsvdSnapshotsDocument(opened.location(), entries));
    }
}
