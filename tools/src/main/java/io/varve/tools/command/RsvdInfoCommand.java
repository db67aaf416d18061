package io.varve.tools.command;

import io.varve.adapters.rsvd.SharedDisk;
import io.varve.adapters.rsvd.wire.DiskInfo;
import io.varve.engine.Cancellation;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RsvdInfoDocument;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(name = "info", mixinStandardHelpOptions = true, description = "Describe a shared virtual disk.")
@Prints(RsvdInfoDocument.class)
final class RsvdInfoCommand extends RsvdDiskCommand {
    @Override
    void run(SharedDisk opened, Output output, Cancellation cancellation) throws IOException {
        DiskInfo.Initial initial = opened.initial();
        DiskInfo.Facts facts = opened.facts();
        boolean takesSnapshots = opened.support().hasSnapshots();
        output.line("disk             %s", opened.location());
        output.line("virtual disk id  %s", facts.diskId());
        output.line("size             %s, sectors of %d bytes", ByteSize.text(initial.size()), initial.sectorSize());
        output.line("format           %s", facts.isSet() ? "VHD set" : "shared VHDX");
        output.line("server           protocol version %d", initial.version());
        output.line(
                "snapshots        %s",
                facts.isSet() && takesSnapshots ? "yes" : "no: a backup can only read it live, with --allow-live");
        output.document(() -> new RsvdInfoDocument(
                opened.location(),
                facts.diskId().toString(),
                initial.size(),
                initial.sectorSize(),
                initial.version(),
                facts.isSet(),
                takesSnapshots));
    }
}
