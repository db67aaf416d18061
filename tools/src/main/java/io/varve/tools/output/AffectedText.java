package io.varve.tools.output;

import io.varve.store.check.FsckReport.AffectedDisk;
import io.varve.store.check.FsckReport.DamagedRange;
import io.varve.store.fault.Count;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What damage means for disks of snapshots: those that lost the same are told together. */
public final class AffectedText {
    private static final int MOST_DISKS = 20;
    private static final int MOST_RANGES = 5;

    private AffectedText() {}

    private record Loss(
            String machine, int number, String name, List<DamagedRange> ranges, long rangesLeftOut, long damagedBytes) {
        static Loss of(AffectedDisk disk) {
            return new Loss(
                    disk.machine(),
                    disk.number(),
                    disk.name(),
                    disk.ranges(),
                    disk.rangesLeftOut(),
                    disk.damagedBytes());
        }
    }

    /** Whether a block of any disk is known to be lost. Of a manifest that cannot be read no block is. */
    static boolean anyLost(List<AffectedDisk> affected) {
        return affected.stream().anyMatch(disk -> disk.number() != 0);
    }

    /** @param all whether to leave nothing out */
    public static List<String> lines(List<AffectedDisk> affected, boolean all) {
        Map<Object, List<AffectedDisk>> bySame = new LinkedHashMap<>();
        for (AffectedDisk disk : affected) {
            bySame.computeIfAbsent(all ? disk : Loss.of(disk), unused -> new ArrayList<>())
                    .add(disk);
        }
        List<String> lines = new ArrayList<>();
        int shown = 0;
        for (List<AffectedDisk> same : bySame.values()) {
            if (shown == MOST_DISKS && !all) {
                lines.add("… and " + Count.of(bySame.size() - shown, "more disk") + "; --all prints them all");
                break;
            }
            shown++;
            add(same, all ? Integer.MAX_VALUE : MOST_RANGES, lines);
        }
        return lines;
    }

    private static void add(List<AffectedDisk> same, int mostRanges, List<String> lines) {
        AffectedDisk first = same.get(0);
        if (first.number() == 0) {
            same.forEach(disk -> lines.add("affected: snapshot " + disk.snapshot()
                    + ", all of it: its manifest cannot be" + " read. Restore a copy of that file"));
            return;
        }
        lines.add(String.format(
                "affected: %s, machine %s, disk %d %s: %s",
                same.size() == 1
                        ? "snapshot " + first.snapshot()
                        : Count.of(same.size(), "snapshot") + " from " + first.snapshot() + " to "
                                + same.get(same.size() - 1).snapshot(),
                first.machine(),
                first.number(),
                first.name(),
                ByteSize.text(first.damagedBytes()) + " lost"));
        first.ranges().stream()
                .limit(mostRanges)
                .forEach(range -> lines.add("  offset " + range.offset() + " length " + range.length()));
        int more = Math.max(0, first.ranges().size() - mostRanges);
        if (more > 0) {
            lines.add("  … and " + Count.of(more + first.rangesLeftOut(), "more range") + "; --all prints "
                    + (first.rangesLeftOut() > 0 ? "the first " + first.ranges().size() + " of all" : "each"));
        } else if (first.rangesLeftOut() > 0) {
            lines.add("  … and " + Count.of(first.rangesLeftOut(), "more range") + ", counted but not listed");
        }
    }
}
