package io.varve.tools;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.VhdxAddressMap.Segment;
import io.varve.adapters.vhdx.VhdxDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = "Show where ranges of the virtual disk lie in the file, or the other way round.")
final class VhdxMapCommand extends CommonOptions {
    @Parameters(paramLabel = "FILE", description = "The VHDX.")
    private Path file;

    @Option(names = "--offset", paramLabel = "BYTES", defaultValue = "0", description = "Where to begin. Default: 0.")
    private Long offset;

    @Option(names = "--length", paramLabel = "BYTES", description = "How much. Default: to the end.")
    private Long length;

    @Option(names = "--reverse", description = "--offset and --length are those of the file.")
    private boolean reverse;

    @Override
    void run(Output output, Cancellation cancellation) throws IOException {
        try (ByteSource source = ByteSources.open(file, Reader.AUTO);
                VhdxDisk disk = VhdxDisk.open(source)) {
            long size = reverse ? source.size() : disk.size();
            long count = length == null ? size - offset : length;
            if (offset < 0 || count <= 0 || count > size - offset) {
                throw new UsageException("[" + offset + ", +" + count + ") is not inside the "
                        + (reverse ? "file" : "disk") + " of " + size + " bytes");
            }
            Range range = new Range(offset, count);
            print(
                    reverse
                            ? disk.addressMap().segmentsAt(range)
                            : disk.addressMap().segments(range),
                    output);
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(message(e), e);
        }
    }

    private static void print(List<Segment> segments, Output output) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"DISK OFFSET", "LENGTH", "STATE", "FILE OFFSET"});
        var json = output.isJson() ? output.document().putArray("segments") : null;
        for (Segment segment : segments) {
            rows.add(new String[] {
                "" + segment.virtualOffset(),
                "" + segment.length(),
                segment.state().name(),
                segment.isPresent() ? "" + segment.fileOffset() : "-"
            });
            if (json != null) {
                json.addObject()
                        .put("offset", segment.virtualOffset())
                        .put("length", segment.length())
                        .put("state", segment.state().name())
                        .put("fileOffset", segment.fileOffset());
            }
        }
        output.line("%s", rows.size() == 1 ? "nothing of the disk lies there" : Table.of(rows));
    }
}
