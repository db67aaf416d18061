package io.varve.tools.nightly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.adapters.windows.GivenPath;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.Reason;
import io.varve.store.job.Job;
import io.varve.tools.document.MistakeEntry;
import io.varve.tools.document.MistakesDocument;
import io.varve.tools.document.NightPlanDocument;
import io.varve.tools.document.NightlyDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SchemaDocument;
import io.varve.tools.document.TimerDocument;
import io.varve.tools.option.Closing;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.NamedKey;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.ThreadsOption;
import io.varve.tools.option.TrafficText;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.OutcomeException;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.Metrics;
import io.varve.tools.report.Records;
import io.varve.tools.report.Report;
import io.varve.tools.report.ReportCommand;
import io.varve.tools.report.ReportHtml;
import io.varve.tools.report.WholeFile;
import io.varve.tools.yaml.Mistake;
import io.varve.tools.yaml.ShapeSchema;
import io.varve.tools.yaml.YamlFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "nightly",
        mixinStandardHelpOptions = true,
        description = {
            "Run a night: back up the machines of a job file, then retention, copy, gc, fsck and a restore proof,"
                    + " as the file says.",
            "",
            "A machine that fails does not stop the others, and nothing of it is forgotten. The exit code is the"
                    + " worst of all. Only one night of a job runs at a time on a computer; another one ends with"
                    + " exit code 6. Ctrl-C ends the night cleanly and thaws what was frozen."
        },
        footer = {
            "",
            "A small job file; docs/operations.md has all keys:",
            "  repository: {path: /backup/repo}",
            "  machines:",
            "    - pattern: /vm/*",
            "  defaults:",
            "    keep: {daily: 14, weekly: 8}",
            "  fsck: {read-data: 4%%, within: 28d}",
            "  proof: {size: 1GiB}"
        })
@Prints({
    NightlyDocument.class,
    NightPlanDocument.class,
    TimerDocument.class,
    MistakesDocument.class,
    SchemaDocument.class
})
public final class NightlyCommand extends CommonOptions {
    private static final Duration HISTORY = Duration.ofDays(120);
    private static final int MOST_JOBS = 200_000;

    @Parameters(arity = "0..1", paramLabel = "JOB", description = "The job file, in YAML.")
    private Path file;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Show what would be done; change nothing and run no hook.")
    private boolean dryRun;

    @Option(
            names = "--if-due",
            description =
                    "Do nothing unless a night is due by the schedule in the job file. For timers that run every hour;"
                            + " a missed night is caught up.")
    private boolean ifDue;

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "Write metrics in Prometheus' text format to FILE, whatever the job file says.")
    private Path metricsFile;

    @Option(names = "--schema", description = "Print the JSON Schema of job files, for editors.")
    private boolean schema;

    @Mixin
    private ProgressOption progress;

    @Mixin
    private TimerOptions timer;

    private volatile Night night;
    private boolean told; // notifications were sent, or failed

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        Night running = night;
        return running == null ? "nothing was done" : running.soFar();
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        if (schema) {
            String text = ShapeSchema.of(JobShape.FILE_SHAPE, JobShape.TITLE);
            output.line("%s", text.stripTrailing());
            JsonNode schema = new JsonMapper().readTree(text);
            output.document(() -> new SchemaDocument(schema));
            return;
        }
        if (file == null && timer.isAsked()) {
            timer.runTemplates(output);
            return;
        }
        if (file == null) {
            throw new UsageException("no job file given: varve nightly JOB.yaml");
        }
        if (dryRun && ifDue) {
            throw new UsageException("give --dry-run or --if-due, not both");
        }
        progress.applyTo(output);
        JobFile job = read(output);
        if (metricsFile != null) {
            OutputPath.checkNew(metricsFile, true);
        }
        Optional<Path> into = job.repository().where().folder();
        for (Path written : Stream.of(
                        Optional.ofNullable(metricsFile),
                        job.metricsFile().map(GivenPath::path),
                        job.reportFile().map(GivenPath::path))
                .flatMap(Optional::stream)
                .toList()) {
            if (into.isPresent()) {
                OutputPath.checkOutside(written, "a file that the night writes", into.get());
            } else {
                OutputPath.checkOutside(written, "a file that the night writes");
            }
        }
        if (timer.isAsked()) {
            timer.run(job, file, output);
            return;
        }
        if (ifDue && job.schedule().isEmpty()) {
            throw new UsageException(
                    file + ": --if-due needs a schedule in the job file, as in 'schedule: {at: \"22:00\"}'");
        }
        Instant begun = Instant.now();
        try {
            Closing.after(Repository.open(job.repository().where().location()), output, repository -> {
                JobFile.Place place = job.repository();
                new NamedKey(place.keyFile(), place.passwordFile(), place.passwordCommand(), false)
                        .unlock(repository, output);
                repository.backend().traffic().ifPresent(output::traffic);
                try {
                    run(job, repository, output, cancellation);
                } finally {
                    TrafficText.tell(repository, output);
                }
            });
        } catch (IOException | RuntimeException e) {
            if (!told && !dryRun && !cancellation.isRequested()) {
                tellOfFailure(job, begun, e, output);
            }
            throw e;
        }
    }

    /**
     * The night could not begin, or broke off as a whole: the repository is out of reach, a key is wrong. Without this,
     * silence would look like a good night. If a timer asks every hour, each night is reported once.
     */
    private void tellOfFailure(JobFile job, Instant begun, Exception failure, Output output) {
        ExitCode code = ExitCode.of(failure);
        if (ifDue) {
            Instant wanted = Due.lastWanted(job.schedule().orElseThrow(), job.zone(), begun);
            boolean isOverlap = code == ExitCode.BUSY && night == null; // expected of an hourly timer
            if (isOverlap || !new ToldNight(file).tell(wanted, output)) {
                return;
            }
        }
        String error = failure instanceof IOException io ? Reason.of(io) : failure.toString();
        NightOutcome outcome = NightOutcome.broken(job.name(), begun, Instant.now(), error, output.warnings(), code);
        Map<String, String> environment =
                Map.of("VARVE_JOB", job.name(), "VARVE_RESULT", code.word(), "VARVE_EXIT_CODE", "" + code.code());
        new Notifier(outcome, environment, Optional.empty(), output).tell(job.notices());
    }

    private JobFile read(Output output) throws IOException {
        JobFileReader.Result result = JobFileReader.read(YamlFile.text(file), JobFileReader.stem(file));
        if (result.job().isPresent()) {
            return result.job().get();
        }
        List<Mistake> mistakes = result.mistakes();
        output.document(() -> new MistakesDocument(mistakes.stream()
                .map(mistake -> new MistakeEntry(mistake.line(), mistake.message()))
                .toList()));
        throw YamlFile.refused(file, mistakes);
    }

    private void run(JobFile job, Repository repository, Output output, Cancellation cancellation) throws IOException {
        List<Job> jobs = repository.jobs().since(Instant.now().minus(HISTORY), MOST_JOBS);
        long seed = new SecureRandom().nextLong();
        NightPlan.Places places = new NightPlan.Places(
                FolderListing.ofThisComputer(), HostListing.asking(repository, output, cancellation));
        if (dryRun) {
            NightPlan plan = NightPlan.of(job, places, jobs, Instant.now(), seed);
            new DryRun(plan, repository, output).print();
            return;
        }
        NightLock taken = NightLock.take(file, job.name(), repository.config().repositoryId());
        Closing.after(taken, output, lock -> {
            // Looked at under the lock: the night before may have ended in this very moment.
            Optional<String> notDue = ifDue ? notDue(job, repository) : Optional.empty();
            if (notDue.isPresent()) {
                output.notice(notDue.get());
                return;
            }
            NightPlan plan = NightPlan.of(job, places, jobs, Instant.now(), seed);
            run(plan, repository, Records.of(jobs, List.of(), Instant.now()), seed, output, cancellation);
        });
    }

    private static Optional<String> notDue(JobFile job, Repository repository) throws IOException {
        Instant now = Instant.now();
        Instant wanted = Due.lastWanted(job.schedule().orElseThrow(), job.zone(), now);
        if (Due.hasRun(repository.jobs().since(wanted, MOST_JOBS), job.name(), wanted, now)) {
            return Optional.of("not due: the night of " + wanted.atZone(job.zone()) + " has run");
        }
        if (!Due.isOpen(job.window(), job.zone(), now)) {
            return Optional.of("the night of " + wanted.atZone(job.zone()) + " is due, but the window is closed until "
                    + job.window().get().from().get());
        }
        return Optional.empty();
    }

    private void run(
            NightPlan plan, Repository repository, Records history, long seed, Output output, Cancellation cancellation)
            throws IOException {
        int threads = ThreadsOption.count(plan.job().threads().orElse(null));
        Night running = new Night(plan, repository, history, threads, seed, output, cancellation);
        night = running;
        output.onlyConfirms(true);
        NightOutcome outcome = running.run();
        output.onlyConfirms(outcome.code() == ExitCode.DONE);
        NightText.lines(outcome).forEach(line -> output.line("%s", line));
        output.document(() -> NightDocuments.of(outcome));
        afterwards(plan.job(), outcome, running, repository, output, cancellation);
        cancellation.check();
        if (outcome.code() != ExitCode.DONE && outcome.code() != ExitCode.WARNINGS) {
            throw new OutcomeException(outcome.code(), "night of job " + outcome.job() + ": " + outcome.summary());
        }
    }

    private static void write(String what, Optional<Path> file, String text, Output output) {
        try {
            if (file.isPresent()) {
                WholeFile.write(file.get(), text);
            }
        } catch (IOException e) {
            output.warning(WarningCode.NOT_WRITTEN, what + " not written: " + Reason.of(e));
        }
    }

    /** What is made of the night's records, and who is told. None of it undoes anything: what fails is a warning. */
    private void afterwards(
            JobFile job,
            NightOutcome outcome,
            Night running,
            Repository repository,
            Output output,
            Cancellation cancellation) {
        Optional<byte[]> page = Optional.empty();
        boolean mails = job.notices().stream().anyMatch(notice -> notice.mail().isPresent());
        Optional<Path> metrics =
                Optional.ofNullable(metricsFile).or(() -> job.metricsFile().map(GivenPath::path));
        if (mails || job.reportFile().isPresent() || metrics.isPresent()) {
            try {
                Report report = ReportCommand.document(repository, ReportCommand.DAYS, job.zone());
                String html = new ReportHtml(report, job.zone()).page();
                page = Optional.of(html.getBytes(StandardCharsets.UTF_8));
                write("metrics", metrics, Metrics.of(report), output);
                write("report", job.reportFile().map(GivenPath::path), html, output);
            } catch (IOException e) {
                output.warning(
                        WarningCode.NOT_WRITTEN,
                        "no report or metrics, because the job records cannot be read: " + Reason.of(e));
            }
        }
        told = true;
        if (!cancellation.isRequested()) {
            new Notifier(outcome, running.environment(), page, output).tell(job.notices());
        }
    }
}
