package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.job.Job;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobStart;
import io.varve.store.session.Sessions;
import io.varve.tools.document.JobDiskEntry;
import io.varve.tools.document.JobEntry;
import io.varve.tools.document.JobsDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import io.varve.tools.output.WarningEntries;
import io.varve.tools.report.JobResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = {
            "List backups and nights, newest first, including those that failed or were killed.",
            "",
            "Each of them leaves one record when it starts and one when it ends. Records are kept for 400 days."
        })
@Prints(JobsDocument.class)
public final class JobsCommand extends RepositoryOptions {
    @Option(names = "--machine", paramLabel = "NAME", description = "Only jobs of this machine.")
    private String machine;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "30",
            description = "How many to list. Default: ${DEFAULT-VALUE}.")
    private int last;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        if (last < 1) {
            throw new UsageException("--last must be at least 1, not " + last);
        }
        List<Sessions.Entry> living = Sessions.living(repository);
        List<Job> jobs = repository.jobs().newest(Optional.ofNullable(machine), last);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"STARTED", "TOOK", "MACHINE", "RESULT", "READ", "STORED", "SNAPSHOT"});
        List<JobEntry> entries = new ArrayList<>();
        output.document(() -> new JobsDocument(entries));
        for (Job job : jobs) {
            String result = JobResult.of(job, living);
            rows.add(row(job, result));
            entries.add(entry(job, result));
            job.damage()
                    .ifPresent(damage -> output.warning(
                            WarningCode.JOB_RECORD_DAMAGED, "damaged record of a job: " + damage.getMessage()));
        }
        output.line("%s", jobs.isEmpty() ? "no jobs" : Table.of(rows));
    }

    private static String[] row(Job job, String result) {
        Optional<JobEnd> end = job.end();
        return new String[] {
            job.start()
                    .map(start -> SnapshotsCommand.TIME.format(start.startedAt()))
                    .orElse(job.id()),
            job.start().isPresent() && end.isPresent()
                    ? took(Duration.between(
                            job.start().get().startedAt(), end.get().endedAt()))
                    : "-",
            job.start().map(JobsCommand::about).orElse("-"),
            result,
            end.map(e -> ByteSize.text(
                            e.disks().stream().mapToLong(JobEnd.JobDisk::read).sum()))
                    .orElse("-"),
            end.map(e -> ByteSize.text(
                            e.disks().stream().mapToLong(JobEnd.JobDisk::stored).sum()))
                    .orElse("-"),
            end.flatMap(JobEnd::snapshot).orElse("-")
        };
    }

    /** Returns the machine; for a whole night, the job; otherwise the command. */
    private static String about(JobStart start) {
        if (!start.machine().isEmpty()) {
            return start.machine();
        }
        return start.command().equals("nightly") ? "night of " + start.job().orElse("-") : start.command();
    }

    private static String took(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds()); // the clock may have been set back in between
        return seconds < 3600
                ? String.format(java.util.Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(java.util.Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static JobEntry entry(Job job, String status) {
        Optional<JobStart> start = job.start();
        Optional<JobEnd> end = job.end();
        return new JobEntry(
                job.id(),
                status,
                start.map(JobStart::command),
                start.map(JobStart::machine),
                start.map(JobStart::host),
                start.map(JobStart::pid),
                start.map(JobStart::writer),
                start.map(JobStart::startedAt),
                start.flatMap(JobStart::job),
                end.map(JobEnd::endedAt),
                end.map(JobEnd::exitCode),
                end.flatMap(JobEnd::error),
                end.flatMap(JobEnd::snapshot),
                end.map(JobEnd::warningCount),
                end.map(e -> e.disks().stream().map(JobsCommand::entry).toList()),
                end.map(e -> WarningEntries.of(e.warnings())));
    }

    private static JobDiskEntry entry(JobEnd.JobDisk disk) {
        return new JobDiskEntry(
                disk.name(),
                disk.mode(),
                disk.reason(),
                disk.size(),
                disk.changed(),
                disk.read(),
                disk.stored(),
                disk.millis() / 1e3);
    }
}
