package io.varve.adapters.vhdx;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds damaged entries and blocks that share a place in the file, before the first byte of the disk is read:
 * cross-linked blocks let a small file claim to hold terabytes, and mean that one of the two was lost. One bit per MiB
 * of the <em>file</em>; places that UNDEFINED and UNMAPPED blocks may keep are not counted, as nobody reads them.
 */
final class OverlapCheck implements BlockTableScan.Visitor {
    /** Four times the largest disk; its bits take 32 MiB of heap while the file is opened. */
    static final long LARGEST_FILE = 256L << 40;

    private final EntryRules rules;
    private final Optional<ReplayedSource> replayed;
    private final long[] taken;

    /** First partially present block whose sector bitmap did not come yet; -1 for none. */
    private long partial = -1;

    private OverlapCheck(EntryRules rules, Optional<ReplayedSource> replayed) {
        this.rules = rules;
        this.replayed = replayed;
        long pieces = rules.fileSize() / VhdxFormat.MIB + 1;
        this.taken = new long[Math.toIntExact(pieces / Long.SIZE + 1)];
    }

    /**
     * @param replayed the file, where its log was replayed
     * @throws io.varve.store.CorruptDataException naming the first entry that is damaged, takes what is taken, or what
     *     the log wrote to: logs write no payload
     */
    static void run(ByteSource source, EntryRules rules, Optional<ReplayedSource> replayed) throws IOException {
        if (rules.fileSize() > LARGEST_FILE) {
            throw new UnsupportedImageException(source.location() + ": expected a file of at most " + LARGEST_FILE
                    + " bytes, found " + rules.fileSize());
        }
        OverlapCheck check = new OverlapCheck(rules, replayed);
        BlockTableScan.run(source, rules.tableOffset(), rules.geometry(), check);
        check.checkBitmapOfPartial(Long.MAX_VALUE);
    }

    @Override
    public void payload(long block, long entry) throws IOException {
        checkBitmapOfPartial(rules.geometry().bitmapIndex(block));
        rules.checkPayload(block, entry);
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        if (!state.hasPlace()) {
            return;
        }
        if (state == PayloadState.PARTIALLY_PRESENT && partial < 0) {
            partial = block;
        }
        long offset = BatEntry.offset(entry);
        long end = Math.min(offset + rules.geometry().blockSize(), rules.fileSize());
        if (replayed.isPresent() && replayed.get().touches(offset, end)) {
            throw rules.wrong(block, "a place that the log does not write to", "offset " + offset);
        }
        if (!take(offset, end)) {
            throw rules.wrong(block, "a place of its own", "offset " + offset + ", where another block lies");
        }
    }

    @Override
    public void bitmap(long index, long entry) throws IOException {
        rules.checkBitmap(index, entry);
        if (BatEntry.stateCode(entry) == 0) {
            return;
        }
        long offset = BatEntry.offset(entry);
        if (!take(offset, offset + VhdxFormat.MIB)) {
            throw rules.wrongBitmap(
                    index, "a sector bitmap with a place of its own", "offset " + offset + ", where a block lies");
        }
        if (partial >= 0 && rules.geometry().bitmapIndex(partial) == index) {
            partial = -1;
        }
    }

    /**
     * Entries come in order, so once one behind {@code index} comes, the bitmap at {@code index} must have been seen.
     */
    private void checkBitmapOfPartial(long index) throws IOException {
        if (partial >= 0 && rules.geometry().bitmapIndex(partial) < index) {
            throw rules.wrong(partial, "a sector bitmap, since the block is partially present", "none");
        }
    }

    /** Whether {@code [offset, end)} was free until now. */
    private boolean take(long offset, long end) {
        long last = (end - 1) / VhdxFormat.MIB;
        for (long piece = offset / VhdxFormat.MIB; piece <= last; piece++) {
            int word = (int) (piece / Long.SIZE);
            long bit = 1L << piece % Long.SIZE;
            if ((taken[word] & bit) != 0) {
                return false;
            }
            taken[word] |= bit;
        }
        return true;
    }
}
