package io.varve.tools.backup;

import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.BackupListener;
import io.varve.store.coordination.HostName;
import io.varve.store.fault.Reason;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobLog;
import io.varve.store.job.JobStart;
import io.varve.store.job.NightRecord;
import io.varve.store.job.SourceTimes;
import io.varve.store.job.Warning;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.Version;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes the records of a backup, its start and its end, to the repository. If a record cannot be written, the backup
 * continues. Thread-safe.
 */
public final class JobRecording implements BackupListener {
    private final JobLog log;
    private final Output output;
    private final TreeMap<Integer, JobEnd.JobDisk> disks = new TreeMap<>();
    private String id = ""; // of the job; empty if its start could not be recorded
    private Optional<String> snapshot = Optional.empty();
    private Optional<String> consistency = Optional.empty();
    private Optional<SourceTimes> times = Optional.empty();
    private boolean ended;

    private JobRecording(JobLog log, Output output) {
        this.log = log;
        this.output = output;
    }

    /**
     * @param machine empty for a job that concerns no single machine
     * @param job name of the nightly job that it is or belongs to
     */
    public static JobRecording begin(JobLog log, String command, String machine, Optional<String> job, Output output) {
        JobRecording recording = new JobRecording(log, output);
        try {
            recording.id = log.begin(start(command, machine, Instant.now(), job));
        } catch (IOException e) {
            // If the repository cannot be written to, the backup itself will report it.
            output.notice("cannot record the start of this job: " + Reason.of(e));
        }
        return recording;
    }

    /**
     * Records a job that is over and that concerns no single machine.
     *
     * @param step what it did
     */
    public static void over(
            JobLog log, String command, Instant startedAt, NightRecord.Step step, ExitCode code, Output output) {
        JobRecording recording = new JobRecording(log, output);
        try {
            recording.id = log.begin(start(command, "", startedAt, Optional.empty()));
        } catch (IOException e) {
            output.notice("cannot record this job: " + Reason.of(e));
        }
        recording.end(code, null, Optional.of(new NightRecord(0, 0, List.of(), 0, List.of(step))));
    }

    private static JobStart start(String command, String machine, Instant startedAt, Optional<String> job) {
        return new JobStart(
                command,
                machine,
                HostName.get(),
                ProcessHandle.current().pid(),
                Version.number(),
                startedAt.truncatedTo(ChronoUnit.MILLIS),
                job);
    }

    @Override
    public synchronized void on(BackupEvent event) {
        if (event instanceof BackupEvent.DiskDone done) {
            disks.put(done.disk().number(), disk(done.disk(), done.nanos()));
        } else if (event instanceof BackupEvent.Committed committed) {
            snapshot = Optional.of(committed.snapshot().id().text());
            consistency = Optional.of(committed.snapshot().manifest().consistency());
        } else if (event instanceof BackupEvent.Released released) {
            times = Optional.of(
                    new SourceTimes(released.freezeNanos() / 1_000_000, released.releaseNanos() / 1_000_000));
        }
    }

    /** @param failure null when it did not fail */
    /** Returns a disk in the form of a job record. */
    public static JobEnd.JobDisk disk(DiskRecord disk, long nanos) {
        DiskCounters counters = disk.counters();
        return new JobEnd.JobDisk(
                disk.name(),
                disk.mode(),
                disk.reasonCode(),
                disk.size(),
                counters.changed(),
                counters.read(),
                counters.stored(),
                nanos / 1_000_000,
                OptionalLong.of(counters.added()),
                OptionalLong.of(counters.zero()));
    }

    /** @param failure null when it did not fail */
    public void end(ExitCode code, Throwable failure) {
        end(code, failure, Optional.empty());
    }

    /**
     * @param failure null when it did not fail
     * @param night what else a nightly job did
     */
    public synchronized void end(ExitCode code, Throwable failure, Optional<NightRecord> night) {
        if (ended || id.isEmpty()) {
            return;
        }
        ended = true;
        List<Warning> warnings = output.warnings();
        Optional<String> error =
                Optional.ofNullable(failure).map(e -> e instanceof IOException io ? Reason.of(io) : e.toString());
        try {
            log.end(
                    id,
                    new JobEnd(
                            Instant.now().truncatedTo(ChronoUnit.MILLIS),
                            code.code(),
                            error,
                            snapshot,
                            new ArrayList<>(disks.values()),
                            warnings,
                            warnings.size(),
                            night,
                            consistency,
                            times));
            log.prune();
        } catch (IOException e) {
            output.notice("cannot record the end of this job: " + Reason.of(e));
        }
    }
}
