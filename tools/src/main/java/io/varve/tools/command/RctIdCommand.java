package io.varve.tools.command;

import io.varve.adapters.virtdisk.DiskKind;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.store.fault.RefusedException;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctIdDocument;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "set-id",
        mixinStandardHelpOptions = true,
        description = {
            "Give a disk another virtual disk id, so that it is not mistaken for the disk that it was copied from."
                    + " The disk must be offline and have no checkpoints.",
            "",
            "For Varve and other backup products it is then another disk: the next backup reads it in full."
                    + " Whether Windows continues to track its changes is not documented; check with 'varve rct"
                    + " status' afterwards.",
            "",
            "With --identifier, the identifier of its content is set instead: differencing disks based on it no"
                    + " longer find it. A VHD has no other id."
        },
        footer = {"", "  varve rct set-id --force D:\\vm\\copy-of-web1.vhdx"})
@Prints(RctIdDocument.class)
final class RctIdCommand extends RctChangeCommand {
    @Option(names = "--id", paramLabel = "GUID", description = "The id. Default: a new one.")
    private String wanted;

    @Option(names = "--identifier", description = "Set the identifier instead of the virtual disk id.")
    private boolean isIdentifier;

    @Option(names = "--force", description = "Do it. Without this, only show what would be set.")
    private boolean force;

    @Override
    void prepare(Output output) throws UsageException {
        if (wanted != null && HyperVHosts.guid(wanted).isEmpty()) {
            throw new UsageException("--id: expected a GUID, found '" + wanted + "'");
        }
    }

    @Override
    boolean isToChange() {
        return force;
    }

    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        DiskKind kind = disk.kind();
        if (kind.format() == DiskKind.Format.VHD && !isIdentifier) {
            throw new UsageException(disk.file() + ": a VHD has no virtual disk id; set its identifier (--identifier)");
        }
        if (kind.layout() == DiskKind.Layout.DIFFERENCING) {
            throw new RefusedException(
                    disk.file() + ": is a differencing disk, such as that of a checkpoint, and has the same id as"
                            + " its parent. Merge it first. Nothing was changed");
        }
        UUID before = id(disk);
        UUID after =
                wanted == null ? UUID.randomUUID() : HyperVHosts.guid(wanted).orElseThrow();
        String what = isIdentifier ? "identifier" : "virtual disk id";
        output.line("%-16s %s", what, before);
        if (!force) {
            output.document(() ->
                    new RctIdDocument(disk.file(), what.replace(' ', '-'), before.toString(), after.toString(), false));
            output.line("%-16s %s", "would become", after);
            throw new RefusedException(disk.file() + ": "
                    + (isIdentifier
                            ? "with another identifier, differencing disks based on it no longer find it"
                            : "with another id it is another disk for every backup product: their next backup"
                                    + " reads it in full, and its existing checkpoints no longer belong to it")
                    + ". Give --force to do it anyway. Nothing was changed");
        }
        if (isIdentifier) {
            disk.setIdentifier(after);
        } else {
            disk.setDiskId(after);
        }
        UUID found = id(disk);
        if (!found.equals(after)) {
            throw new IOException(disk.file() + ": Windows was told to set its " + what + " to " + after
                    + ", and did not refuse, but says that it is " + found);
        }
        output.document(() ->
                new RctIdDocument(disk.file(), what.replace(' ', '-'), before.toString(), after.toString(), true));
        output.line("%-16s %s", "is now", after);
    }

    private UUID id(VirtualDisk disk) throws IOException {
        return isIdentifier ? disk.identifier() : disk.diskId();
    }
}
