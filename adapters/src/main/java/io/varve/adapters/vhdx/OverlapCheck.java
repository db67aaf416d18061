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
        BlockTableScan.run(source, rules.tableOffset(), rules.geometry(), new OverlapCheck(rules, replayed));
    }

    @Override
    public void payload(long block, long entry) throws IOException {
        rules.checkPayload(block, entry);
        if (BatEntry.stateCode(entry) != PayloadState.FULLY_PRESENT.code()) {
            return;
        }
        long offset = BatEntry.offset(entry);
        long end = Math.min(offset + rules.geometry().blockSize(), rules.fileSize());
        if (replayed.isPresent() && replayed.get().touches(offset, end)) {
            throw rules.wrong(block, "a place that the log does not write to", "offset " + offset);
        }
        long last = (end - 1) / VhdxFormat.MIB;
        for (long piece = offset / VhdxFormat.MIB; piece <= last; piece++) {
            int word = (int) (piece / Long.SIZE);
            long bit = 1L << piece % Long.SIZE;
            if ((taken[word] & bit) != 0) {
                throw rules.wrong(block, "a place of its own", "offset " + offset + ", where another block lies");
            }
            taken[word] |= bit;
        }
    }

    @Override
    public void bitmap(long index, long entry) throws IOException {
        rules.checkBitmap(index, entry);
    }
}
