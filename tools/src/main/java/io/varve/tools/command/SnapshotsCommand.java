package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.store.Repository;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SnapshotEntry;
import io.varve.tools.document.SnapshotsDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "snapshots", mixinStandardHelpOptions = true, description = "List snapshots, oldest first.")
@Prints(SnapshotsDocument.class)
public final class SnapshotsCommand extends RepositoryOptions {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Option(names = "--machine", paramLabel = "NAME", description = "Only snapshots of this machine.")
    private String machine;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SNAPSHOT", "TIME", "MACHINE", "DISKS", "SIZE", "CHANGED", "STORED", "MODE", "KEPT"});
        List<SnapshotEntry> entries = new ArrayList<>();
        output.document(() -> new SnapshotsDocument(entries));
        Keeping keeping = Keeping.of(repository);
        for (Snapshot snapshot : list(repository, output).snapshots()) {
            if (machine != null && !machine.equals(snapshot.manifest().machine())) {
                continue;
            }
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
            rows.add(new String[] {
                snapshot.id().text(),
                TIME.format(snapshot.manifest().startedAt()),
                snapshot.manifest().machine(),
                "" + snapshot.manifest().disks().size(),
                ByteSize.text(size),
                ByteSize.text(sum.changed()),
                ByteSize.text(sum.stored()),
                String.join(", ", modes),
                keeping.of(snapshot)
            });
            if (output.isJson()) {
                entries.add(keeping.entry(snapshot));
            }
        }
        output.line("%s", rows.size() == 1 ? "no snapshots" : Table.of(rows));
    }
}
