package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Repository;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.CatDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.DiskStream;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Write part of a disk to standard output, verified.",
        footer = {
            "",
            "With --json, 'data' holds the bytes in base64, at most 16 MiB.",
            "",
            "The partition table of last night's disk:",
            "  varve cat latest --length 64KiB | file -"
        })
@Prints(CatDocument.class)
public final class CatCommand extends RepositoryOptions {
    private static final int MOST_JSON = 16 << 20;

    @Parameters(paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private String reference;

    @Option(
            names = "--disk",
            paramLabel = "DISK",
            description = "Number, name or GUID of the disk. Required if there are several.")
    private String diskName;

    @Option(names = "--offset", paramLabel = "BYTES", defaultValue = "0", description = "Where to start. Default: 0.")
    private Long offset;

    @Option(names = "--length", paramLabel = "BYTES", description = "How many bytes. Default: to the end of the disk.")
    private Long length;

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Snapshot snapshot = SnapshotReference.resolve(reference, list(repository, output));
        DiskRecord disk = SnapshotReference.disk(snapshot, diskName);
        long end = length == null ? disk.size() : offset + length;
        if (offset > disk.size()) {
            throw new UsageException(
                    "--offset " + offset + " is past the end of the disk, which has " + disk.size() + " bytes");
        }
        if (end > disk.size() || end < offset) {
            throw new UsageException("--length " + length + " reaches past the end of the disk: from --offset " + offset
                    + " there are " + (disk.size() - offset) + " bytes");
        }
        if (output.isJson() && end - offset > MOST_JSON) {
            throw new UsageException("--json gives at most 16 MiB, not " + (end - offset) + " bytes: use --length");
        }
        try (ReadSession session = ReadSession.open(repository, output::notice);
                SnapshotImage image = new SnapshotImage(session, disk, snapshot.id() + " disk " + disk.name())) {
            if (!output.isJson()) {
                write(new DiskStream(image, cancellation), end);
                return;
            }
            ByteBuffer collected = ByteBuffer.allocate((int) (end - offset));
            image.read(offset, collected);
            String data = Base64.getEncoder().encodeToString(collected.array());
            output.document(() -> new CatDocument(offset, end - offset, data));
        }
    }

    /** Writes the bytes. A reader that closes the pipe early, such as {@code head}, is not a failure. */
    private void write(DiskStream stream, long end) throws IOException {
        try {
            stream.write(offset, end, bytes -> {});
        } catch (TargetException e) {
            if (!DiskStream.isReaderGone(e)) {
                throw e;
            }
        }
    }
}
