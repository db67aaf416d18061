package io.varve.tools.command;

import io.varve.adapters.virtdisk.DiskKind;
import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.store.fault.RefusedException;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctSwitchDocument;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Switches change tracking on or off for a disk that no machine is using. */
abstract class RctSwitchCommand extends RctDiskCommand {
    @Override
    VirtualDisk open(Virtdisk virtdisk) throws IOException {
        return virtdisk.openToChange(file());
    }

    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Track changes of a disk from now on. The disk must be offline.")
    @Prints(RctSwitchDocument.class)
    static final class Enable extends RctSwitchCommand {
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
            output.document(() -> new RctSwitchDocument(true, id.isEmpty() ? Optional.empty() : Optional.of(id)));
        }
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = {
                "Stop tracking changes of a disk, which must be offline.",
                "",
                "Every change id of the disk becomes void, those of other backup products as well: the next backup of"
                        + " each reads the disk whole."
            })
    @Prints(RctSwitchDocument.class)
    static final class Disable extends RctSwitchCommand {
        @Option(names = "--force", description = "Do it although other products may rely on it.")
        private boolean force;

        @Override
        void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
            VirtualDisk.Tracking tracking = disk.tracking();
            if (tracking.enabled() && !force) {
                throw new RefusedException(disk.file() + ": its changes are tracked, most recent id "
                        + tracking.mostRecentId() + ". To stop that voids every id of this disk, those of other backup"
                        + " products as well; if that is what you want, say so with --force. Nothing was changed");
            }
            if (tracking.enabled()) {
                disk.setTracking(false);
            }
            output.line("change tracking is off");
            output.document(() -> new RctSwitchDocument(false, Optional.empty()));
        }
    }
}
