package io.varve.tools.command;

import io.varve.adapters.virtdisk.DiskKind;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.store.fault.RefusedException;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctSwitchDocument;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
        name = "enable",
        mixinStandardHelpOptions = true,
        description = "Track changes of a disk from now on. The disk must be offline.")
@Prints(RctSwitchDocument.class)
final class RctEnableCommand extends RctChangeCommand {
    @Override
    boolean isToChange() {
        return true;
    }

    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        DiskKind.Format format = disk.kind().format();
        if (!format.tracksChanges()) {
            throw new RefusedException(disk.file() + ": " + format.noTracking() + ". Nothing was changed");
        }
        if (!disk.tracking().enabled()) {
            disk.setTracking(true);
        }
        String id = disk.tracking().mostRecentId();
        output.line("change tracking is on, most recent id %s", id.isEmpty() ? "-" : id);
        output.document(
                () -> new RctSwitchDocument(true, id.isEmpty() ? Optional.empty() : Optional.of(id), Optional.empty()));
    }
}
