package io.varve.tools.command;

import io.varve.adapters.rsvd.SharedDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RsvdChangesDocument;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.RangeEntries;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "changes",
        mixinStandardHelpOptions = true,
        description = "List what changed on a VHD set between two of its snapshots.")
@Prints(RsvdChangesDocument.class)
final class RsvdChangesCommand extends RsvdDiskCommand {
    @Option(names = "--from", required = true, paramLabel = "ID", description = "The older snapshot.")
    private String older;

    @Option(names = "--to", required = true, paramLabel = "ID", description = "The newer snapshot.")
    private String newer;

    @Override
    void run(SharedDisk opened, Output output, Cancellation cancellation) throws IOException {
        RangeSet ranges = opened.changes(id(older), id(newer));
        output.line("%-15s %-15s", "OFFSET", "LENGTH");
        for (Range range : ranges) {
            output.line("%-15s %-15s", range.offset(), range.length());
        }
        output.line("%s changed", ByteSize.text(ranges.totalLength()));
        output.document(() -> new RsvdChangesDocument(RangeEntries.of(ranges), ranges.totalLength()));
    }
}
