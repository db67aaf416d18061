package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Repository;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Write a part of a disk to standard output, verified.",
        footer = {
            "",
            "With --json, the bytes come as base64 in 'data', at most 16 MiB.",
            "",
            "Example, the partition table of last night's disk:",
            "  varve cat latest --length 64KiB | file -"
        })
final class CatCommand extends RepositoryOptions {
    private static final int PIECE = 1 << 20;
    private static final int MOST_JSON = 16 << 20;

    @Parameters(paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private String reference;

    @Option(names = "--disk", paramLabel = "DISK", description = "A number, name or GUID; needed if there are several.")
    private String diskName;

    @Option(names = "--offset", paramLabel = "BYTES", defaultValue = "0", description = "Where to begin. Default: 0.")
    private Long offset;

    @Option(names = "--length", paramLabel = "BYTES", description = "How much. Default: to the end of the disk.")
    private Long length;

    @Override
    KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Snapshot snapshot = SnapshotReference.resolve(reference, list(repository, output));
        DiskRecord disk = SnapshotReference.disk(snapshot, diskName);
        long end = length == null ? disk.size() : offset + length;
        if (offset < 0 || end > disk.size() || end < offset) {
            throw new UsageException(
                    "[" + offset + ", " + end + ") is not inside the disk of " + disk.size() + " bytes");
        }
        if (output.isJson() && end - offset > MOST_JSON) {
            throw new UsageException("--json gives at most 16 MiB, not " + (end - offset) + " bytes: use --length");
        }
        // The channel of the descriptor itself, which stays open: System.out is made for text.
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        try (ReadSession session = ReadSession.open(repository, output::notice);
                SnapshotImage image = new SnapshotImage(session, disk, snapshot.id() + " disk " + disk.name())) {
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
            ByteBuffer collected = ByteBuffer.allocate(output.isJson() ? (int) (end - offset) : 0);
            for (long position = offset; position < end; position += PIECE) {
                cancellation.check();
                piece.clear().limit((int) Math.min(PIECE, end - position));
                image.read(position, piece);
                if (output.isJson()) {
                    collected.put(piece.flip());
                } else {
                    write(out, piece.flip());
                }
            }
            if (output.isJson()) {
                output.document()
                        .put("offset", offset)
                        .put("length", end - offset)
                        .put("data", collected.array());
            }
        }
    }

    private static void write(FileChannel out, ByteBuffer piece) throws TargetException {
        try {
            while (piece.hasRemaining()) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new TargetException("standard output: " + e.getMessage(), e);
        }
    }
}
