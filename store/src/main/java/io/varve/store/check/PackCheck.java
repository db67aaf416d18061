package io.varve.store.check;

import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;
import static io.varve.store.pack.PackFormat.HEADER_SIZE;

import io.varve.store.CorruptDataException;
import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.ChunkOpener;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Checks packs, one after another, and enters their sound chunks in the table. Not thread-safe: every worker has its
 * own. Holds 12 MiB of direct memory.
 */
final class PackCheck {
    private static final int READ_AT_ONCE = 8 << 20;

    private final Repository repository;
    private final ChunkTable table;
    private final Consumer<Finding> findings;
    private final ChunkOpener opener;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AT_ONCE);
    private final ByteBuffer plaintext = ByteBuffer.allocateDirect(PackFormat.MAX_RAW_LENGTH);

    PackCheck(Repository repository, ChunkTable table, Consumer<Finding> findings) {
        this.repository = repository;
        this.table = table;
        this.findings = findings;
        this.opener = repository.protection().newOpener();
    }

    /** @return bytes of frames read */
    long check(ChunkId pack, FsckOptions.Level level) throws IOException {
        PackFooter footer;
        try {
            PackReader.checkHeader(
                    repository.backend(), pack, repository.config().repositoryId());
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("pack-header", e)); // the frames may be sound all the same
        }
        try {
            footer = PackReader.footer(repository.backend(), pack);
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("pack-footer", e));
            return 0;
        }
        int number = table.addPack(pack);
        if (level == FsckOptions.Level.STRUCTURE) {
            for (int frame = 0; frame < footer.frameCount(); frame++) {
                add(footer, frame, number);
            }
            return 0;
        }
        return readFrames(pack, footer, number, level);
    }

    private void add(PackFooter footer, int frame, int packNumber) {
        table.add(footer.id(frame), packNumber, footer.offset(frame), footer.storedLength(frame));
    }

    private long readFrames(ChunkId pack, PackFooter footer, int number, FsckOptions.Level level) throws IOException {
        String object = PackFormat.objectName(pack);
        long read = HEADER_SIZE;
        int frame = 0;
        while (frame < footer.frameCount()) {
            int end = frame;
            long start = footer.offset(frame);
            long length = 0;
            while (end < footer.frameCount()
                    && length + FRAME_HEADER_SIZE + footer.storedLength(end) <= buffer.capacity()) {
                length += FRAME_HEADER_SIZE + footer.storedLength(end);
                end++;
            }
            IOException failure = fill(object, start, (int) length);
            for (; frame < end; frame++) {
                checkFrame(object, footer, frame, (int) (footer.offset(frame) - start), number, level, failure);
            }
            read += length;
        }
        return read;
    }

    private IOException fill(String object, long start, int length) {
        try {
            repository.backend().read(object, start, buffer.clear().limit(length));
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void checkFrame(
            String object,
            PackFooter footer,
            int frame,
            int at,
            int number,
            FsckOptions.Level level,
            IOException groupFailure)
            throws IOException {
        long offset = footer.offset(frame);
        FrameHeader header = footer.header(frame);
        try {
            int position = at;
            if (groupFailure != null) {
                // One unreadable sector must not condemn its neighbours.
                IOException failure = fill(object, offset, header.frameLength());
                if (failure != null) {
                    throw new CorruptDataException(
                            object, offset, header.frameLength() + " readable bytes", "" + failure.getMessage());
                }
                position = 0;
            }
            ByteBuffer payload =
                    PackReader.checkedPayload(buffer.slice(position, header.frameLength()), header, object, offset);
            if (level == FsckOptions.Level.DEEP) {
                plaintext.clear().limit(header.rawLength());
                opener.open(header, payload, plaintext, object, offset);
            }
            add(footer, frame, number);
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("chunk-damaged", e));
        }
    }
}
