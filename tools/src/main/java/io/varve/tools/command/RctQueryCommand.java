package io.varve.tools.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.port.Changes;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import java.io.IOException;
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
            "Offsets are those of the virtual disk. With --files each part is shown with the place in the file where"
                    + " it lies, too; LAYER 0 is DISK, 1 its parent, and so on."
        })
final class RctQueryCommand extends RctDiskCommand {
    private static final String ROW = "%-15s %-15s";
    private static final String FILE_ROW = "%-15s %-15s %-18s %-6s %s";

    @Option(names = "--since", required = true, paramLabel = "ID", description = "The change id to ask from.")
    private String since;

    @Option(names = "--files", description = "Show where the changed parts lie in the files.")
    private boolean files;

    @Mixin
    private ParentOptions parents;

    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        Changes changes = disk.changesSince(since);
        if (changes instanceof Changes.Unknown unknown) {
            output.warning("no change list, a backup would read the disk whole: " + unknown.reason() + " ["
                    + unknown.code() + "]");
            return;
        }
        RangeSet ranges = ((Changes.Known) changes).ranges();
        ArrayNode json = output.isJson() ? output.document().putArray("ranges") : null;
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
                        if (json != null) {
                            json.addObject()
                                    .put("offset", segment.virtualOffset())
                                    .put("length", segment.length())
                                    .put("state", segment.state().name())
                                    .put("layer", segment.layer())
                                    .put("fileOffset", segment.fileOffset());
                        }
                    });
                }
            }
        } else {
            output.line(ROW, "OFFSET", "LENGTH");
            for (Range range : ranges) {
                output.line(ROW, range.offset(), range.length());
                if (json != null) {
                    json.addObject().put("offset", range.offset()).put("length", range.length());
                }
            }
        }
        long bytes = ranges.totalLength();
        output.line("%s changed of %s", ByteSize.text(bytes), ByteSize.text(disk.size()));
        if (output.isJson()) {
            output.document().put("changedBytes", bytes);
        }
    }
}
