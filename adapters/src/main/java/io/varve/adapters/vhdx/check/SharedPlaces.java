package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.read.EntryRules;
import io.varve.adapters.vhdx.read.OverlapCheck;
import java.io.IOException;
import java.util.TreeMap;

/**
 * Entries whose place was taken by an earlier one. A second pass through the table finds out by which. Remembers
 * {@value #MOST} of them and counts the others. For one thread.
 */
final class SharedPlaces implements OverlapCheck.Collisions {
    private static final int MOST = FindingList.MOST_OF_A_KIND;

    private final EntryRules rules;
    private final FindingList findings;

    /** The entries, by their number in the table. */
    private final TreeMap<Long, Long> late = new TreeMap<>();

    private long count;
    private long pairs;

    SharedPlaces(EntryRules rules, FindingList findings) {
        this.rules = rules;
        this.findings = findings;
    }

    @Override
    public void collision(long index, long entry) {
        count++;
        if (late.size() < MOST) {
            late.put(index, entry);
        }
    }

    /** Returns their number. */
    long count() {
        return count;
    }

    /** Reports every remembered entry after {@code index} that shares the place of this one. */
    void compare(long index, long entry) throws IOException {
        if (pairs > MOST) {
            return;
        }
        for (var other : late.tailMap(index, false).entrySet()) {
            long offset = BatEntry.offset(entry);
            long otherOffset = BatEntry.offset(other.getValue());
            if (offset < end(other.getKey(), otherOffset) && otherOffset < end(index, offset)) {
                pairs++;
                tell(other.getKey(), other.getValue(), name(index));
            }
        }
    }

    private long end(long index, long offset) {
        return offset
                + (rules.geometry().isBitmap(index)
                        ? VhdxFormat.MIB
                        : rules.geometry().blockSize());
    }

    private String name(long index) {
        return rules.geometry().isBitmap(index)
                ? "sector bitmap " + index / (rules.geometry().chunkRatio() + 1)
                : "block " + rules.geometry().blockOf(index);
    }

    private void tell(long index, long entry, String other) throws IOException {
        boolean bitmap = rules.geometry().isBitmap(index);
        findings.found(
                VhdxFault.BAT_OVERLAP,
                bitmap ? null : rules.range(rules.geometry().blockOf(index)),
                () -> OverlapCheck.collision(rules, index, entry, other));
    }

    /** Adds the number of those that were not remembered. */
    void finish() throws IOException {
        for (long left = Math.max(pairs, late.size()); left < count; left++) {
            tell(late.lastKey(), late.lastEntry().getValue(), "another block");
        }
    }
}
