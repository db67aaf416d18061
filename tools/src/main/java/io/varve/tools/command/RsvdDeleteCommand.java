package io.varve.tools.command;

import io.varve.adapters.rsvd.SharedDisk;
import io.varve.engine.Cancellation;
import io.varve.store.fault.RefusedException;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RsvdDeletedDocument;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete-snapshot",
        mixinStandardHelpOptions = true,
        description = {
            "Delete a snapshot of a VHD set at its server.",
            "",
            "For a snapshot that a backup left behind and no later backup removed, for example because its"
                    + " computer is gone. The server does not say who took a snapshot: if Hyper-V or another"
                    + " product did, that product's next backup is a full one."
        })
@Prints(RsvdDeletedDocument.class)
final class RsvdDeleteCommand extends RsvdDiskCommand {
    @Parameters(index = "1", paramLabel = "ID", description = "Its id, as 'varve rsvd snapshots' shows it.")
    private String snapshot;

    @Option(names = "--force", description = "Delete it even if another product took it.")
    private boolean force;

    @Override
    void run(SharedDisk opened, Output output, Cancellation cancellation) throws IOException {
        UUID id = id(snapshot);
        if (!opened.snapshots().contains(id)) {
            throw new IOException(opened.location() + ": there is no snapshot " + id);
        }
        if (!force) {
            throw new RefusedException("snapshot " + id + " may belong to Hyper-V or another product; if it is not"
                    + " needed, give --force");
        }
        opened.deleteSnapshot(id, false);
        output.line("deleted snapshot %s of %s", id, opened.location());
        output.document(() -> new RsvdDeletedDocument(opened.location(), id.toString()));
    }
}
