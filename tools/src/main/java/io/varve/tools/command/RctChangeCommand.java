package io.varve.tools.command;

import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.adapters.virtdisk.VirtualDisk;
import java.io.IOException;

/** Changes a disk that no machine is using. */
abstract class RctChangeCommand extends RctDiskCommand {
    /** Whether it is to be changed, and not only shown what would change: to open a disk for writing may mark it. */
    abstract boolean isToChange();

    @Override
    VirtualDisk open(Virtdisk virtdisk) throws IOException {
        return isToChange() ? virtdisk.openToChange(file()) : super.open(virtdisk);
    }
}
