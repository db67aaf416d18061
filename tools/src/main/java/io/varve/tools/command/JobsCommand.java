package io.varve.tools.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.job.Job;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobStart;
import io.varve.store.session.Sessions;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
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
        ArrayNode json = output.isJson() ? output.document().putArray("jobs") : null;
        for (Job job : jobs) {
            String result = JobResult.of(job, living);
            rows.add(row(job, result));
            if (json != null) {
                json.add(json(job, result));
            }
            job.damage().ifPresent(damage -> output.warning("damaged record of a job: " + damage.getMessage()));
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

    /** The machine; of a whole night, the job. */
    private static String about(JobStart start) {
        return start.machine().isEmpty() ? "night of " + start.job().orElse("-") : start.machine();
    }

    private static String took(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds()); // somebody may have set the clock back meanwhile
        return seconds < 3600
                ? String.format(java.util.Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(java.util.Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static ObjectNode json(Job job, String result) {
        ObjectNode json = Output.newObject().put("id", job.id()).put("result", result);
        job.start()
                .ifPresent(start -> json.put("command", start.command())
                        .put("machine", start.machine())
                        .put("host", start.host())
                        .put("pid", start.pid())
                        .put("writer", start.writer())
                        .put("startedAt", start.startedAt().toString())
                        .put("job", start.job().orElse(null)));
        job.end().ifPresent(end -> {
            json.put("endedAt", end.endedAt().toString())
                    .put("exitCode", end.exitCode())
                    .put("error", end.error().orElse(null))
                    .put("snapshot", end.snapshot().orElse(null))
                    .put("warningCount", end.warningCount());
            ArrayNode disks = json.putArray("disks");
            for (JobEnd.JobDisk disk : end.disks()) {
                disks.addObject()
                        .put("name", disk.name())
                        .put("mode", disk.mode())
                        .put("reason", disk.reason())
                        .put("size", disk.size())
                        .put("changed", disk.changed())
                        .put("read", disk.read())
                        .put("stored", disk.stored())
                        .put("millis", disk.millis());
            }
            ArrayNode warnings = json.putArray("warnings");
            end.warnings().forEach(warnings::add);
        });
        return json;
    }
}
