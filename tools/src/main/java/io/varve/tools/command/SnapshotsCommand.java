package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SnapshotGroupEntry;
import io.varve.tools.document.SnapshotsDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "snapshots",
        mixinStandardHelpOptions = true,
        description = "List snapshots, oldest first.",
        footer = {"", "  varve snapshots --machine web1 --last 3", "  varve snapshots --since 7d --group day"})
@Prints(SnapshotsDocument.class)
public final class SnapshotsCommand extends RepositoryOptions {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Mixin
    private SnapshotFilter filter;

    @Option(
            names = "--group",
            paramLabel = "BY",
            description = "List them by ${COMPLETION-CANDIDATES}. Days begin where this computer is.")
    private Group group;

    /** What snapshots of one list have in common. */
    private enum Group {
        HOST,
        MACHINE,
        DAY;

        String of(Snapshot snapshot) {
            return switch (this) {
                case HOST -> snapshot.manifest().host();
                case MACHINE -> snapshot.manifest().machine();
                case DAY ->
                    LocalDate.ofInstant(snapshot.manifest().startedAt(), ZoneId.systemDefault())
                            .toString();
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Function<Snapshot, String> nameOf = (group == null ? Group.MACHINE : group)::of;
        List<Snapshot> snapshots = filter.of(list(repository, output).snapshots(), nameOf);
        Map<String, List<Snapshot>> groups =
                snapshots.stream().collect(Collectors.groupingBy(nameOf, TreeMap::new, Collectors.toList()));
        Keeping keeping = Keeping.of(repository);
        output.document(() -> document(snapshots, groups, keeping));
        if (snapshots.isEmpty()) {
            output.line("no snapshots");
        } else if (group == null) {
            output.line("%s", table(snapshots, keeping));
        } else {
            String between = "";
            for (Map.Entry<String, List<Snapshot>> entry : groups.entrySet()) {
                output.line(
                        "%s%s %s, %s",
                        between,
                        group,
                        Printable.name(entry.getKey()),
                        Count.of(entry.getValue().size(), "snapshot"));
                output.line("%s", table(entry.getValue(), keeping));
                between = System.lineSeparator();
            }
        }
    }

    private SnapshotsDocument document(List<Snapshot> snapshots, Map<String, List<Snapshot>> groups, Keeping keeping) {
        List<SnapshotGroupEntry> entries = groups.entrySet().stream()
                .map(entry -> new SnapshotGroupEntry(
                        entry.getKey(),
                        entry.getValue().stream()
                                .map(snapshot -> snapshot.id().text())
                                .toList()))
                .toList();
        return new SnapshotsDocument(
                snapshots.stream().map(keeping::entry).toList(),
                group == null ? Optional.empty() : Optional.of(entries));
    }

    private static String table(List<Snapshot> snapshots, Keeping keeping) {
        boolean tagged = snapshots.stream()
                .anyMatch(snapshot -> !snapshot.manifest().labels().tags().isEmpty());
        List<String[]> rows = new ArrayList<>();
        rows.add(row(
                tagged, "SNAPSHOT", "TIME", "MACHINE", "DISKS", "SIZE", "CHANGED", "STORED", "MODE", "KEPT", "TAGS"));
        for (Snapshot snapshot : snapshots) {
            DiskCounters sum = DiskCounters.NONE;
            long size = 0;
            List<String> modes = new ArrayList<>();
            for (DiskRecord disk : snapshot.manifest().disks()) {
                sum = sum.plus(disk.counters());
                size += disk.size();
                if (!modes.contains(disk.mode())) {
                    modes.add(disk.mode());
                }
            }
            if (snapshot.manifest().consistency().equals(BackupJob.FUZZY)) {
                modes.add(BackupJob.FUZZY);
            }
            rows.add(row(
                    tagged,
                    snapshot.id().text(),
                    TIME.format(snapshot.manifest().startedAt()),
                    snapshot.manifest().machine(),
                    "" + snapshot.manifest().disks().size(),
                    ByteSize.text(size),
                    ByteSize.text(sum.changed()),
                    ByteSize.text(sum.stored()),
                    String.join(", ", modes),
                    keeping.of(snapshot),
                    String.join(", ", snapshot.manifest().labels().tags())));
        }
        return Table.of(rows);
    }

    /** The last column is that of the tags, which few repositories have. */
    private static String[] row(boolean tagged, String... cells) {
        return tagged ? cells : Arrays.copyOf(cells, cells.length - 1);
    }
}
