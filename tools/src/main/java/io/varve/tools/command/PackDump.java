package io.varve.tools.command;

import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.tools.document.FrameEntry;
import io.varve.tools.document.PackDocument;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Describes a pack: header, frames, footer. If the footer is damaged, the frames are found one after the other. */
final class PackDump {
    private PackDump() {}

    static void describe(Path file, Output output) throws IOException {
        try (Backend directory = new LocalBackend(file.getParent())) {
            String name = file.getFileName().toString();
            output.line("pack %s, %d bytes", name, directory.size(name));
            try {
                output.line(
                        "header: version %d, repository %s",
                        PackFormat.VERSION, PackReader.repositoryId(directory, name));
            } catch (CorruptDataException e) {
                output.warning(WarningCode.PACK_DAMAGED, e.getMessage());
            }
            PackFooter footer = null;
            try {
                footer = PackReader.footer(directory, name);
            } catch (CorruptDataException e) {
                output.warning(WarningCode.PACK_DAMAGED, e.getMessage() + "; reading frames instead");
            }
            frames(directory, name, footer, output);
        }
    }

    private static void frames(Backend directory, String name, PackFooter footer, Output output) throws IOException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"OFFSET", "KIND", "CODEC", "RAW", "STORED", "XXH3-64", "CHUNK"});
        List<FrameEntry> frames = new ArrayList<>();
        output.document(() -> new PackDocument(frames));
        long offset = PackFormat.HEADER_SIZE;
        int frame = 0;
        while (footer == null || frame < footer.frameCount()) {
            FrameHeader header;
            try {
                header = footer == null ? PackReader.frameHeaderAt(directory, name, offset) : footer.header(frame);
            } catch (CorruptDataException e) {
                output.notice("the frames end at " + offset);
                break;
            }
            rows.add(new String[] {
                "" + offset,
                header.kind().name(),
                header.codec().name(),
                "" + header.rawLength(),
                "" + header.storedLength(),
                String.format(Locale.ROOT, "%016x", header.payloadHash()),
                header.id().hex()
            });
            frames.add(new FrameEntry(
                    offset,
                    header.kind().name(),
                    header.codec().name(),
                    header.rawLength(),
                    header.storedLength(),
                    header.id().hex()));
            offset += header.frameLength();
            frame++;
        }
        output.line("%s", Table.of(rows));
        output.line(
                "%s%s",
                Count.of(frame, "frame"), footer == null ? ", no valid footer" : "; footer at " + offset + " is sound");
    }
}
