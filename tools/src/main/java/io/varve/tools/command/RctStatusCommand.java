package io.varve.tools.command;

import io.varve.adapters.virtdisk.DiskKind;
import io.varve.adapters.virtdisk.ParentDisk;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctParentEntry;
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
        description = "Show how Windows identifies a disk, whether its changes are tracked, and the change id to"
                + " query from next time.")
@Prints(RctStatusDocument.class)
final class RctStatusCommand extends RctDiskCommand {
    private static final VirtualDisk.Tracking NONE = new VirtualDisk.Tracking(false, false, "");

    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        DiskKind kind = disk.kind();
        boolean tracks = kind.format().tracksChanges();
        VirtualDisk.Tracking tracking = tracks ? disk.tracking() : NONE;
        Optional<ParentDisk> parent =
                kind.layout() == DiskKind.Layout.DIFFERENCING ? Optional.of(disk.parent()) : Optional.empty();
        long size = disk.size();
        boolean hasFiles = isBeside(".rct") && isBeside(".mrt");
        String id = tracking.mostRecentId();
        output.line("disk             %s", disk.file());
        output.line("kind             %s", kind);
        output.line("virtual disk id  %s", disk.identity());
        output.line("identifier       %s", disk.identifier());
        parent.ifPresent(found -> {
            String places = String.join(", ", found.locations());
            output.line("parent           %s", found.isFound() ? places : "not found; Windows looked at " + places);
            output.line("parent's id      %s", found.identifier());
        });
        output.line("size             %s, sectors of %d bytes", ByteSize.text(size), disk.sectorSize());
        output.line("change tracking  %s", !tracks ? kind.format().noTracking() : tracking.enabled() ? "on" : "off");
        output.line("tracking files   %s", hasFiles ? ".rct and .mrt are there" : "missing beside the disk");
        output.line("most recent id   %s", id.isEmpty() ? "-" : id);
        output.line("changed since    %s", tracking.hasNewer() ? "yes" : "no");
        RctStatusDocument document = new RctStatusDocument(
                disk.file().toString(),
                kind.format().toString(),
                kind.layout().toString(),
                disk.identity().toString(),
                disk.identifier().toString(),
                parent.map(found -> new RctParentEntry(
                        found.isFound(), found.locations(), found.identifier().toString())),
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
