package io.varve.tools.command;

import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SegmentEntry;
import io.varve.tools.document.VhdxMapDocument;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = {
            "Show where ranges of the virtual disk are stored in its files, or the reverse.",
            "",
            "For a differencing disk, the whole chain is shown: LAYER 0 is FILE, 1 its parent," + " and so on."
        },
        footer = {
            "",
            "  varve vhdx map web1.vhdx                               the whole disk",
            "  varve vhdx map web1.vhdx --offset 0 --length 65536     one range of it",
            "  varve vhdx map web1.vhdx --reverse --offset 4194304    what lies there in the file",
            "",
            "With --json at most " + VhdxMapCommand.MOST_IN_JSON + " segments are listed; \"next\" says"
                    + " where to continue."
        })
@Prints(VhdxMapDocument.class)
final class VhdxMapCommand extends CommonOptions {
    static final int MOST_IN_JSON = 100_000;

    private static final String ROW = "%-15s %-15s %-18s %-6s %s";

    @Parameters(paramLabel = "FILE", description = "The VHDX; also smb://HOST/SHARE/PATH.")
    private String file;

    @Mixin
    private ShareOptions shares;

    @Option(names = "--offset", paramLabel = "BYTES", defaultValue = "0", description = "Where to start. Default: 0.")
    private Long offset;

    @Option(names = "--length", paramLabel = "BYTES", description = "How many bytes. Default: to the end.")
    private Long length;

    @Option(names = "--reverse", description = "--offset and --length are those of the file.")
    private boolean reverse;

    @Option(
            names = "--layer",
            paramLabel = "N",
            defaultValue = "0",
            description = "With --reverse: of which file of the chain. Default: ${DEFAULT-VALUE}, which is FILE.")
    private int layer;

    @Mixin
    private ParentOptions parents;

    private final List<SegmentEntry> segments = new ArrayList<>();
    private long printed; // segments
    private Optional<Long> next = Optional.empty();

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        if (layer != 0 && !reverse) {
            throw new UsageException("--layer needs --reverse");
        }
        try (ShareServers servers = shares.servers();
                VhdxChain chain = VhdxChain.open(
                        DiskPlace.parse(file).file(Reader.AUTO, servers), parents.search(Reader.AUTO, servers))) {
            map(chain, output, cancellation);
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
    }

    private void map(VhdxChain chain, Output output, Cancellation cancellation) throws IOException {
        List<String> files = chain.locations();
        if (layer < 0 || layer >= files.size()) {
            throw new UsageException("--layer " + layer + ": the chain has " + Count.of(files.size(), "file")
                    + ", 0 to " + (files.size() - 1));
        }
        long size = reverse ? Files.size(Path.of(files.get(layer))) : chain.size();
        long count = length == null ? size - offset : length;
        if (offset < 0 || count <= 0 || count > size - offset) {
            throw new UsageException("[" + offset + ", +" + count + ") is not inside the " + (reverse ? "file" : "disk")
                    + " of " + size + " bytes");
        }
        for (int number = 0; number < files.size(); number++) {
            output.line("layer %d: %s", number, files.get(number));
        }
        output.line("");
        output.line(ROW, "DISK OFFSET", "LENGTH", "STATE", "LAYER", "FILE OFFSET");
        output.document(() -> new VhdxMapDocument(files, segments, next));
        Range range = new Range(offset, count);
        if (reverse) {
            chain.addressMap().segmentsAt(layer, range, segment -> print(segment, output, cancellation));
        } else {
            chain.addressMap().segments(range, segment -> print(segment, output, cancellation));
        }
        if (printed == 0) {
            output.line("no part of the disk is stored there");
        }
    }

    private void print(Segment segment, Output output, Cancellation cancellation) throws IOException {
        cancellation.check();
        printed++;
        output.line(
                ROW,
                segment.virtualOffset(),
                segment.length(),
                segment.state().name(),
                segment.layer() == Segment.NOWHERE ? "-" : segment.layer(),
                segment.isPresent() ? segment.fileOffset() : "-");
        if (output.isJson() && printed <= MOST_IN_JSON) {
            segments.add(entry(segment));
        } else if (output.isJson() && next.isEmpty()) {
            next = Optional.of(reverse ? segment.fileOffset() : segment.virtualOffset());
        }
    }

    static SegmentEntry entry(Segment segment) {
        return new SegmentEntry(
                segment.virtualOffset(),
                segment.length(),
                segment.state().name(),
                segment.layer() == Segment.NOWHERE ? Optional.empty() : Optional.of(segment.layer()),
                segment.isPresent() ? Optional.of(segment.fileOffset()) : Optional.empty());
    }
}
