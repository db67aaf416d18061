package io.varve.tools.backup;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Workshop;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.store.fault.Reason;
import io.varve.store.session.SharedSessions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.NameRule;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.option.DiskArguments;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.BackupReport;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.Version;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Backs up the disks of a machine, reports to the operator, and writes the job's records. One object can serve several
 * machines of one process, concurrently if they share a workshop.
 */
public final class MachineBackup {
    private final Repository repository;
    private final SharedSessions sessions;
    private final Duration patience;
    private final Cancellation cancellation;
    private final Optional<String> job;

    /**
     * @param repository open and unlocked
     * @param patience how long to wait for an exclusive writer
     */
    public MachineBackup(Repository repository, Duration patience, Cancellation cancellation) {
        this(repository, patience, cancellation, Optional.empty());
    }

    /** @param job name of the nightly job, for the records */
    public MachineBackup(Repository repository, Duration patience, Cancellation cancellation, Optional<String> job) {
        this.job = job;
        this.repository = repository;
        this.sessions = new SharedSessions(repository);
        this.patience = patience;
        this.cancellation = cancellation;
    }

    /**
     * What to back up, and how.
     *
     * @param files configuration files
     * @param parents where to search for parents of differencing disks
     * @param time of the snapshot; empty for now
     */
    public record Request(
            String machine,
            DiskArguments disks,
            List<CheckpointFile> files,
            Reader reader,
            ParentSearch parents,
            BackupOptions options,
            Optional<Instant> time) {
        /** Checks what can be checked before anything is opened. */
        public void check() throws IOException {
            disks.check();
            checkName(machine);
        }
    }

    /** Checks the name of a machine. */
    public static void checkName(String machine) throws UsageException {
        Optional<String> fault = NameRule.fault(machine);
        if (fault.isPresent()) {
            throw new UsageException("--machine: the name '" + Printable.name(machine) + "' " + fault.get());
        }
    }

    /**
     * A machine and where its disks come from.
     *
     * @param source takes the checkpoint; its messages go to the output of the same backup
     * @param time of the snapshot; empty for now
     */
    public record Work(String machine, CheckpointSource source, BackupOptions options, Optional<Instant> time) {}

    /** Backs up a single machine. */
    public Snapshot run(Request request, Output output) throws IOException {
        return run(new Work(request.machine(), source(request, output), request.options(), request.time()), output);
    }

    /** Shows how the disks would be read, and why. Writes no records and no snapshot. */
    public void forecast(Request request, Output output) throws IOException {
        BackupListener listener = event -> {
            if (event instanceof BackupEvent.Warning warning) {
                output.warning(WarningCode.of(warning.code(), warning.message()));
            } else if (event instanceof BackupEvent.Notice notice) {
                output.notice(notice.message());
            }
        };
        CheckpointSource source = source(request, output);
        try (WriteSession session = WriteSession.openToLook(
                repository, "dry run of a backup of " + request.machine(), patience, output::notice)) {
            BackupJob job = new BackupJob(
                    session, request.options(), listener, cancellation, Version.number(), workshop(request.options()));
            ForecastText.print(request.machine(), job.forecast(request.machine(), request.time(), source), output);
        }
    }

    private static CheckpointSource source(Request request, Output output) {
        return previous ->
                request.disks().checkpoint(request.reader(), request.parents(), request.files(), previous, output);
    }

    /** Backs up a single machine from any source. */
    public Snapshot run(Work work, Output output) throws IOException {
        return run(work, workshop(work.options()), output);
    }

    private Workshop workshop(BackupOptions options) {
        return new Workshop(options, repository.config().blockSize());
    }

    /**
     * Backs up one of several machines.
     *
     * @param workshop created for the same number of threads
     * @param output output of this machine alone; its warnings go into the job's record
     * @return the committed snapshot, even if closing the repository failed afterwards, which is a warning
     */
    public Snapshot run(Work work, Workshop workshop, Output output) throws IOException {
        String machine = work.machine();
        BackupReport report = new BackupReport(output, machine);
        // A night has its own history and judges at the right moment, before retention.
        Optional<ContentAlarms> alarms =
                job.isEmpty() ? Optional.of(ContentAlarms.ofRecords(repository, machine, output)) : Optional.empty();
        JobRecording record = JobRecording.begin(repository.jobs(), "backup", machine, job, output);
        Snapshot snapshot = null;
        try (WriteSession session = sessions.open("backup of " + machine, patience, output::notice)) {
            BackupJob job = new BackupJob(
                    session, work.options(), report.and(record), cancellation, Version.number(), workshop);
            snapshot = work.time().isEmpty()
                    ? job.run(machine, work.source())
                    : job.runFor(work.time().get(), machine, work.source());
        } catch (IOException e) {
            if (snapshot == null) {
                report.failed(e);
                record.end(ExitCode.of(e), e);
                throw e;
            }
            output.warning(
                    WarningCode.AFTER_COMMIT,
                    "snapshot " + snapshot.id() + " is committed; closing the repository failed: " + Reason.of(e));
        } catch (RuntimeException | Error e) {
            record.end(ExitCode.INTERNAL, e);
            throw e;
        } finally {
            report.close();
        }
        RepositoryOptions.remember(repository, List.of(snapshot), output);
        report.done(snapshot);
        if (alarms.isPresent()) {
            alarms.get().judge(snapshot, output);
        }
        record.end(output.exitCode(), null);
        return snapshot;
    }

    /** Writes the records of a machine that failed before its backup began. */
    public void recordFailure(String machine, IOException failure, Output output) {
        JobRecording.begin(repository.jobs(), "backup", machine, job, output).end(ExitCode.of(failure), failure);
    }
}
