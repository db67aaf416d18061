package io.varve.tools.command;

import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.GrowthEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the snapshots of each day added, as their manifests tell. What was forgotten is not in it. */
final class Growth {
    private Growth() {}

    /** Of the newest {@code most} days that have snapshots, oldest first. */
    static List<GrowthEntry> of(List<Snapshot> snapshots, int most) {
        Map<LocalDate, List<Snapshot>> days = snapshots.stream()
                .collect(Collectors.groupingBy(
                        snapshot -> LocalDate.ofInstant(snapshot.manifest().startedAt(), ZoneId.systemDefault()),
                        TreeMap::new,
                        Collectors.toList()));
        return days.entrySet().stream()
                .skip(Math.max(0, days.size() - most))
                .map(day -> entry(day.getKey(), day.getValue()))
                .toList();
    }

    private static GrowthEntry entry(LocalDate day, List<Snapshot> snapshots) {
        long changed = 0;
        long stored = 0;
        for (Snapshot snapshot : snapshots) {
            for (DiskRecord disk : snapshot.manifest().disks()) {
                changed += disk.counters().changed();
                stored += disk.counters().stored();
            }
        }
        return new GrowthEntry(day.toString(), snapshots.size(), changed, stored);
    }

    static void print(List<GrowthEntry> growth, Output output) {
        if (growth.isEmpty()) {
            return;
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"DAY", "SNAPSHOTS", "CHANGED", "ADDED"});
        for (GrowthEntry day : growth) {
            rows.add(new String[] {
                day.day(), "" + day.snapshotCount(), ByteSize.text(day.changedBytes()), ByteSize.text(day.storedBytes())
            });
        }
        output.line("");
        output.line("%s", Table.of(rows));
    }
}
