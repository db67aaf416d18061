package io.varve.tools.command;

import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctStatusDocument;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show whether changes of a disk are tracked, and the id to ask from next time.")
@Prints(RctStatusDocument.class)
final class RctStatusCommand extends RctDiskCommand {
    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        VirtualDisk.Tracking tracking = disk.tracking();
        long size = disk.size();
        boolean hasFiles = isBeside(".rct") && isBeside(".mrt");
        output.line("disk             %s", disk.file());
        output.line("virtual disk id  %s", disk.diskId());
        output.line("size             %s, sectors of %d bytes", ByteSize.text(size), disk.sectorSize());
        output.line("change tracking  %s", tracking.enabled() ? "on" : "off");
        output.line("tracking files   %s", hasFiles ? ".rct and .mrt are there" : "missing beside the disk");
        output.line("most recent id   %s", tracking.mostRecentId().isEmpty() ? "-" : tracking.mostRecentId());
        output.line("changed since    %s", tracking.hasNewer() ? "yes" : "no");
        String id = tracking.mostRecentId();
        RctStatusDocument document = new RctStatusDocument(
                disk.file().toString(),
                disk.diskId().toString(),
                size,
                disk.sectorSize(),
                tracking.enabled(),
                hasFiles,
                id.isEmpty() ? Optional.empty() : Optional.of(id),
                tracking.hasNewer());
        output.document(() -> document);
    }

    private boolean isBeside(String ending) {
        Path absolute = file().toAbsolutePath();
        return Files.exists(absolute.resolveSibling(absolute.getFileName() + ending));
    }
}
