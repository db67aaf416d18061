package io.varve.adapters.vhdx.read;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds damaged entries, and blocks that share a place in the file, before the first byte of the disk is read. With
 * cross-linked blocks a small file can claim to contain terabytes, and one of two such blocks has been lost. Uses one
 * bit per MiB of the <em>file</em>. Places that UNDEFINED and UNMAPPED blocks may keep are not counted, since they are
 * never read.
 */
public final class OverlapCheck implements BlockTableScan.Visitor {
    /** Four times the largest disk. Its bits take 32 MiB of heap while the file is opened. */
    static final long LARGEST_FILE = 256L << 40;

    private final EntryRules rules;
    private final Optional<ReplayedSource> replayed;
    private final Faults faults;
    private final Collisions collisions;
    private final TakenPlaces taken;

    /** First partially present block whose sector bitmap has not been seen yet; -1 for none. */
    private long partial = -1;

    private long lastPartial;

    /** Receives entries whose place is already taken. */
    public interface Collisions {
        /** @param index of the entry in the table */
        void collision(long index, long entry) throws IOException;
    }

    public OverlapCheck(EntryRules rules, Optional<ReplayedSource> replayed, Faults faults, Collisions collisions) {
        this.rules = rules;
        this.replayed = replayed;
        this.faults = faults;
        this.collisions = collisions;
        this.taken = new TakenPlaces(rules.fileSize());
    }

    /** @throws UnsupportedImageException if the file is too large to be checked */
    public static void checkSize(String location, long fileSize) throws UnsupportedImageException {
        if (fileSize > LARGEST_FILE) {
            throw new UnsupportedImageException(
                    location, -1, "expected a file of at most " + LARGEST_FILE + " bytes, found " + fileSize);
        }
    }

    /**
     * @param replayed the file, if its log was replayed
     * @throws io.varve.store.fault.CorruptDataException naming the first entry that is damaged, uses a place that is
     *     taken, or uses a place that the log wrote to, since logs contain no payload
     */
    static void run(ByteSource source, EntryRules rules, Optional<ReplayedSource> replayed) throws IOException {
        checkSize(source.location(), rules.fileSize());
        OverlapCheck check = new OverlapCheck(rules, replayed, Faults.REFUSE, (index, entry) -> {
            throw collision(rules, index, entry, "another block");
        });
        BlockTableScan.run(source, rules.tableOffset(), rules.geometry(), check);
        check.finish();
    }

    /** Returns the fault of an entry whose place another entry has. */
    public static IOException collision(EntryRules rules, long index, long entry, String other) {
        String found = "offset " + BatEntry.offset(entry) + ", where " + other + " lies";
        return rules.geometry().isBitmap(index)
                ? rules.wrongBitmap(index, "a sector bitmap with a place of its own", found)
                : rules.wrong(rules.geometry().blockOf(index), "a place of its own", found);
    }

    @Override
    public void payload(long block, long entry) throws IOException {
        checkBitmapOfPartial(rules.geometry().bitmapIndex(block));
        boolean sound = rules.checkPayload(block, entry, faults);
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        if (state == null || !state.hasPlace()) {
            return;
        }
        if (state == PayloadState.PARTIALLY_PRESENT && rules.geometry().differencing()) {
            partial = partial < 0 ? block : partial;
            lastPartial = block;
        }
        long offset = BatEntry.offset(entry);
        if (!sound) {
            // Only a check gets here. The part of the place that is in the file is in use all the same.
            taken.take(offset, offset + rules.geometry().blockSize());
            return;
        }
        long end = Math.min(offset + rules.geometry().blockSize(), rules.fileSize());
        if (replayed.isPresent() && replayed.get().touches(offset, end)) {
            faults.found(
                    VhdxFault.BAT_LOGGED,
                    rules.range(block),
                    () -> rules.wrong(block, "a place that the log does not write to", "offset " + offset));
        }
        if (!taken.take(offset, end)) {
            collisions.collision(rules.geometry().entryIndex(block), entry);
        }
    }

    @Override
    public void bitmap(long index, long entry) throws IOException {
        boolean sound = rules.checkBitmap(index, entry, faults);
        if (!sound) {
            return;
        }
        long offset = BatEntry.offset(entry);
        if (!taken.take(offset, offset + VhdxFormat.MIB)) {
            collisions.collision(index, entry);
        }
        if (partial >= 0 && rules.geometry().bitmapIndex(partial) == index) {
            partial = -1;
        }
    }

    /** Must be called after the last entry. */
    public void finish() throws IOException {
        checkBitmapOfPartial(Long.MAX_VALUE);
    }

    /** Returns the places that the entries so far have taken. */
    public TakenPlaces taken() {
        return taken;
    }

    /**
     * Entries come in order. So when one after {@code index} comes, the bitmap at {@code index} must have been seen.
     */
    private void checkBitmapOfPartial(long index) throws IOException {
        if (partial >= 0 && rules.geometry().bitmapIndex(partial) < index) {
            long first = partial;
            partial = -1;
            Range lost = Range.between(
                    rules.range(first).offset(), rules.range(lastPartial).endOffset());
            faults.found(
                    VhdxFault.BITMAP_MISSING,
                    lost,
                    () -> rules.wrong(first, "a sector bitmap, since the block is partially present", "none"));
        }
    }
}
