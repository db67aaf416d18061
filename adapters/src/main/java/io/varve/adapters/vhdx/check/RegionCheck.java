package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.RegionTable;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Checks both region tables, separately and against each other (MS-VHDX 2.2.3). */
final class RegionCheck {
    private RegionCheck() {}

    /** One copy and its faults; {@code table} is null if it cannot be decoded at all. */
    private record Judged(RegionTable table, List<Noted> faults) {
        boolean isSound() {
            return table != null && faults.stream().noneMatch(Noted::isError);
        }
    }

    private record Noted(VhdxFault fault, IOException refusal) {
        boolean isError() {
            return fault.severity() == Severity.ERROR;
        }
    }

    /** Keeps the faults of both copies until it is known whether one of them is intact. */
    private record Notes(List<Noted> faults) implements Faults {
        @Override
        public void found(VhdxFault fault, Range lost, Supplier<? extends IOException> refusal) {
            // Bounded, because a table has at most 2047 entries.
            faults.add(new Noted(fault, refusal.get()));
        }
    }

    /**
     * Returns the table to use: the first intact one, otherwise the first that can be decoded.
     *
     * @throws CorruptDataException if neither can be decoded
     */
    static RegionTable run(ByteSource source, FindingList findings) throws IOException {
        Judged first = judge(source, VhdxFormat.REGION_TABLE_1_OFFSET);
        Judged second = judge(source, VhdxFormat.REGION_TABLE_2_OFFSET);
        boolean oneIsSound = first.isSound() || second.isSound();
        for (Judged copy : List.of(first, second)) {
            for (Noted noted : copy.faults) {
                Severity severity = noted.fault.severity();
                findings.found(
                        noted.fault,
                        severity == Severity.ERROR && oneIsSound ? Severity.WARNING : severity,
                        noted.refusal);
            }
        }
        if (first.isSound() && second.isSound() && !first.table.hasSameRegions(second.table)) {
            findings.found(
                    VhdxFault.REGION_TABLES_DIFFER,
                    VhdxFormat.REGION_TABLE_2_OFFSET,
                    "two equal region tables",
                    "two different ones, of which the first counts");
        }
        if (first.table == null && second.table == null) {
            throw new CorruptDataException(
                    source.location(),
                    VhdxFormat.REGION_TABLE_1_OFFSET,
                    "at least one sound region table",
                    "none: nothing behind the headers can be found");
        }
        return first.isSound() || first.table != null && !second.isSound() ? first.table : second.table;
    }

    private static Judged judge(ByteSource source, long offset) throws IOException {
        List<Noted> faults = new ArrayList<>();
        try {
            return new Judged(RegionTable.decode(source, offset, new Notes(faults)), faults);
        } catch (CorruptDataException e) {
            faults.add(new Noted(VhdxFault.REGION_TABLE, e));
            return new Judged(null, faults);
        }
    }
}
