package io.varve.tools.backup;

import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.store.fault.Reason;
import io.varve.store.hold.Hold;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.DiskAlarms;
import io.varve.tools.report.Records;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a machine's new snapshot with the machine's earlier backups, warns of what is unusual, and places holds. */
public final class ContentAlarms {
    /** Jobs of the machine to compare with. */
    private static final int MOST_JOBS = 90;

    /** Jobs of all machines among which those are looked for: their records are read for every backup. */
    private static final int AMONG = 20_000;

    private final Repository repository;
    private final List<Records.Entry> before;

    /** @param before the machine's earlier backups, newest first */
    public ContentAlarms(Repository repository, List<Records.Entry> before) {
        this.repository = repository;
        this.before = before;
    }

    /** With the history that the repository's records tell; none if they cannot be read, which is said. */
    static ContentAlarms ofRecords(Repository repository, String machine, Output output) {
        try {
            Records records =
                    Records.of(repository.jobs().newestOf(machine, MOST_JOBS, AMONG), List.of(), Instant.now());
            return new ContentAlarms(repository, records.machines().getOrDefault(machine, List.of()));
        } catch (IOException e) {
            output.notice("tonight's changes are not compared with earlier nights, whose records cannot be read: "
                    + Reason.of(e));
            return new ContentAlarms(repository, List.of());
        }
    }

    /**
     * An alarm of one disk.
     *
     * @param unheld whether a hold was due and could not be placed
     */
    public record Raised(String disk, DiskAlarms.Alarm alarm, boolean unheld) {}

    /** @param words for the warnings about this machine */
    public List<Raised> judge(Snapshot snapshot, Output words) {
        List<Raised> raised = new ArrayList<>();
        for (DiskRecord disk : snapshot.manifest().disks()) {
            for (DiskAlarms.Alarm alarm : DiskAlarms.of(JobRecording.disk(disk, 0), before)) {
                String message = "disk " + disk.name() + ": " + alarm.message();
                words.warning(WarningCode.of(alarm.code(), message));
                boolean held = !alarm.holds() || hold(snapshot, disk, alarm, message, words);
                raised.add(new Raised(disk.name(), alarm, !held));
            }
        }
        return raised;
    }

    private boolean hold(Snapshot snapshot, DiskRecord disk, DiskAlarms.Alarm alarm, String message, Output words) {
        String machine = snapshot.manifest().machine();
        try {
            Hold hold = repository
                    .holds()
                    .place(
                            machine,
                            Optional.of(disk.name()),
                            alarm.code(),
                            message,
                            Optional.of(snapshot.id().text()),
                            HostName.get(),
                            Instant.now());
            words.notice("hold " + hold.id() + " keeps all snapshots of machine " + machine
                    + " from being forgotten: find out why, then 'varve hold release " + hold.id() + "'");
            return true;
        } catch (IOException e) {
            words.warning(
                    WarningCode.HOLD_NOT_PLACED,
                    "the hold could not be placed: " + Reason.of(e) + "; 'varve hold place " + machine + "' does");
            return false;
        }
    }
}
