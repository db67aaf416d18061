package io.varve.tools.command;

import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.port.Changes;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctQueryDocument;
import io.varve.tools.document.SegmentEntry;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.RangeEntries;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "query",
        aliases = "map",
        mixinStandardHelpOptions = true,
        description = {
            "List what changed on a disk since an id.",
            "",
            "Offsets are those of the virtual disk. With --files, each part is shown with its offset in the file;"
                    + " LAYER 0 is DISK, 1 its parent, and so on."
        })
@Prints(RctQueryDocument.class)
final class RctQueryCommand extends RctDiskCommand {
    private static final String ROW = "%-15s %-15s";
    private static final String FILE_ROW = "%-15s %-15s %-18s %-6s %s";

    @Option(names = "--since", required = true, paramLabel = "ID", description = "The change id to start from.")
    private String since;

    @Option(names = "--files", description = "Show where the changed parts lie in the files.")
    private boolean files;

    @Mixin
    private ParentOptions parents;

    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        Changes changes = disk.changesSince(since);
        if (changes instanceof Changes.Unknown unknown) {
            output.warning(WarningCode.of(
                    unknown.code(), "no change list; a backup would read the disk in full: " + unknown.reason()));
            output.document(() -> new RctQueryDocument(Optional.empty(), Optional.empty(), Optional.empty()));
            return;
        }
        RangeSet ranges = ((Changes.Known) changes).ranges();
        List<SegmentEntry> segments = new ArrayList<>();
        if (files) {
            try (VhdxChain chain = VhdxChain.open(new LocalFile(file(), Reader.AUTO), parents.search(Reader.AUTO))) {
                output.line(FILE_ROW, "OFFSET", "LENGTH", "STATE", "LAYER", "FILE OFFSET");
                for (Range range : ranges) {
                    cancellation.check();
                    chain.addressMap().segments(range, segment -> {
                        output.line(
                                FILE_ROW,
                                segment.virtualOffset(),
                                segment.length(),
                                segment.state().name(),
                                segment.isPresent() ? segment.layer() : "-",
                                segment.isPresent() ? segment.fileOffset() : "-");
                        segments.add(VhdxMapCommand.entry(segment));
                    });
                }
            }
        } else {
            output.line(ROW, "OFFSET", "LENGTH");
            for (Range range : ranges) {
                output.line(ROW, range.offset(), range.length());
            }
        }
        long bytes = ranges.totalLength();
        output.line("%s changed of %s", ByteSize.text(bytes), ByteSize.text(disk.size()));
        output.document(() -> new RctQueryDocument(
                files ? Optional.empty() : Optional.of(RangeEntries.of(ranges)),
                files ? Optional.of(segments) : Optional.empty(),
                Optional.of(bytes)));
    }
}
