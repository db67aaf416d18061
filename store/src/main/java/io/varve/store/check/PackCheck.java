package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.backend.AlignedBuffer;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.ChunkOpener;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.FrameRule;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Checks packs, one after another, and enters their intact chunks in the tables. Not thread-safe: every worker has its
 * own. Holds 8 MiB of direct memory once it has read frames, 12 if it has decoded them.
 */
final class PackCheck {
    private static final int READ_AT_ONCE = 8 << 20;

    private final Repository repository;
    private final ChunkTable table;
    private final PagePlaces places;
    private final OddLengths lengths;
    private final FrameRule rule;
    private final int blockSize;
    private final ReadRate rate;
    private final Consumer<Finding> findings;
    private final ChunkOpener opener;
    private ByteBuffer buffer;
    private ByteBuffer plaintext;

    PackCheck(
            Repository repository,
            ChunkTable table,
            PagePlaces places,
            OddLengths lengths,
            ReadRate rate,
            Consumer<Finding> findings) {
        this.repository = repository;
        this.table = table;
        this.places = places;
        this.lengths = lengths;
        this.rule = FrameRule.of(repository.config().encrypted());
        this.blockSize = repository.config().blockSize();
        this.rate = rate;
        this.findings = findings;
        this.opener = repository.protection().newOpener();
    }

    /** @return bytes of frames read */
    long check(CheckedPack pack, FsckOptions.Level level) throws IOException {
        PackFooter footer;
        try {
            PackReader.checkHeader(
                    repository.backend(), pack.id, repository.config().repositoryId());
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("pack-header", e)); // the frames may be sound all the same
        }
        try {
            footer = footer(pack.id);
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("pack-footer", e));
            return 0;
        }
        pack.hasFooter = true;
        long read = level == FsckOptions.Level.STRUCTURE ? 0 : readFrames(pack, footer, level);
        enter(pack, footer);
        return read;
    }

    /**
     * Enters the chunks of a pack that was checked before into the table, for a new slice. Called from many threads.
     */
    void enterAgain(CheckedPack pack) throws IOException {
        if (!pack.hasFooter) {
            return;
        }
        try {
            PackFooter footer = footer(pack.id);
            for (int frame = 0; frame < footer.frameCount(); frame++) {
                if (!pack.isDamaged(frame)) {
                    add(footer, frame);
                }
            }
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("pack-footer", e)); // since a moment ago
            pack.hasFooter = false;
        }
    }

    private PackFooter footer(ChunkId pack) throws IOException {
        PackFooter footer = PackReader.footer(repository.backend(), pack);
        rate.take(footer.frameCount() * (long) PackFormat.FOOTER_ENTRY_SIZE);
        return footer;
    }

    private void enter(CheckedPack pack, PackFooter footer) throws IOException {
        int number = -1;
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            ChunkId id = footer.id(frame);
            long offset = footer.offset(frame);
            int stored = footer.storedLength(frame);
            if (!id.isZero()) { // nobody looks for that, in the index least of all
                pack.frameSum += IndexCheck.sum(id, offset, stored);
            }
            if (pack.isDamaged(frame)) {
                continue;
            }
            try {
                rule.check(footer.header(frame), PackFormat.objectName(pack.id), offset);
            } catch (CorruptDataException e) {
                findings.accept(Finding.error("chunk-damaged", e, footer.endOffset(frame)));
                pack.damaged(frame);
                continue;
            }
            add(footer, frame);
            // By length, since the kind is only a hint: any chunk that may serve as a page.
            int rawLength = footer.rawLength(frame);
            if (rawLength == MapPage.SIZE && stored <= MapPage.SIZE) {
                number = number < 0 ? places.addPack(pack.id) : number;
                places.add(id, number, offset, stored);
            } else if (rawLength != blockSize) {
                lengths.add(id, rawLength);
            }
            if (id.isZero()) {
                findings.accept(new Finding(
                        Finding.Severity.WARNING,
                        "zero-stored",
                        PackFormat.objectName(pack.id),
                        offset,
                        "a chunk with the id of zeros, which are never stored; nothing needs it, and"
                                + " repacking drops it"));
            }
        }
    }

    private void add(PackFooter footer, int frame) {
        table.add(footer.id(frame), footer.storedLength(frame), footer.rawLength(frame) == blockSize);
    }

    private long readFrames(CheckedPack pack, PackFooter footer, FsckOptions.Level level) throws IOException {
        String object = PackFormat.objectName(pack.id);
        if (buffer == null) {
            buffer = AlignedBuffer.allocate(READ_AT_ONCE);
        }
        if (plaintext == null && level == FsckOptions.Level.DEEP) {
            plaintext = ByteBuffer.allocateDirect(PackFormat.MAX_RAW_LENGTH);
        }
        long framesEnd = footer.endOffset(footer.frameCount() - 1);
        int frame = 0;
        while (frame < footer.frameCount()) {
            // Whole sectors, so that the disk is read and not the page cache. The rest is read next.
            long start = footer.offset(frame) / AlignedBuffer.ALIGNMENT * AlignedBuffer.ALIGNMENT;
            long end = Math.min(start + buffer.capacity(), framesEnd);
            rate.take(end - start);
            CorruptDataException failure = fill(object, start, (int) (end - start));
            boolean sound = true;
            do {
                if (!isSound(object, footer, frame, (int) (footer.offset(frame) - start), level, failure)) {
                    pack.damaged(frame);
                    sound = false;
                }
                frame++;
            } while (frame < footer.frameCount() && footer.endOffset(frame) <= end);
            if (failure != null && sound) {
                findings.accept(new Finding(
                        Finding.Severity.WARNING,
                        "read-failed",
                        object,
                        start,
                        (end - start) + " bytes could not be read in one go (" + failure.found()
                                + "), but each chunk in them could; check the drive"));
            }
        }
        return framesEnd;
    }

    /** @return the fault in these bytes, or null */
    private CorruptDataException fill(String object, long start, int length) throws IOException {
        try {
            repository.backend().read(object, start, buffer.clear().limit(length));
            return null;
        } catch (CorruptDataException e) {
            return e;
        }
    }

    private boolean isSound(
            String object,
            PackFooter footer,
            int frame,
            int at,
            FsckOptions.Level level,
            CorruptDataException groupFailure)
            throws IOException {
        long offset = footer.offset(frame);
        FrameHeader header = footer.header(frame);
        try {
            int position = at;
            if (groupFailure != null) {
                // One unreadable sector must not make its neighbours count as damaged.
                CorruptDataException failure = fill(object, offset, header.frameLength());
                if (failure != null) {
                    throw failure;
                }
                position = 0;
            }
            ByteBuffer payload =
                    PackReader.checkedPayload(buffer.slice(position, header.frameLength()), header, object, offset);
            if (level == FsckOptions.Level.DEEP && !header.id().isZero()) { // which names no content; told elsewhere
                plaintext.clear().limit(header.rawLength());
                opener.open(header, payload, plaintext, object, offset);
            }
            return true;
        } catch (CorruptDataException e) {
            findings.accept(Finding.error("chunk-damaged", e, offset + header.frameLength()));
            return false;
        }
    }
}
