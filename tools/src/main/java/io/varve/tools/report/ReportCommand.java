package io.varve.tools.report;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.tools.document.Prints;
import io.varve.tools.document.ReportDocument;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Say how the last nights went and what needs attention: failed, killed and missed backups, disks that were"
                    + " read whole, warnings, holds, overdue checks.",
            "",
            "Made from the records in the repository, so it shows backups from all computers. Needs no key."
        },
        footer = {"", "  varve report", "  varve report --html /var/www/varve.html"})
@Prints(ReportDocument.class)
public final class ReportCommand extends RepositoryOptions {
    /** How far back records are read. */
    public static final int DAYS = 60;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report to FILE as a page of HTML.")
    private Path html;

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "Write metrics in Prometheus' text format to FILE.")
    private Path metricsFile;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "" + DAYS,
            description = "Read the records of the last N days. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        if (days < 1 || days > 400) {
            throw new UsageException("--days is a number from 1 to 400, not " + days);
        }
        for (Path file : Stream.of(html, metricsFile).filter(Objects::nonNull).toList()) {
            OutputPath.checkOutside(file, "the report", repository);
            OutputPath.checkNew(file, true);
        }
        ZoneId zone = ZoneId.systemDefault();
        Report report = document(repository, days, zone);
        if (html != null) {
            WholeFile.write(html, new ReportHtml(report, zone).page());
            output.notice("report written to " + html);
        }
        if (metricsFile != null) {
            WholeFile.write(metricsFile, Metrics.of(report));
        }
        if (html == null && metricsFile == null) {
            new ReportText(report, zone).lines().forEach(line -> output.line("%s", line));
        }
        output.document(() -> ReportDocuments.of(report));
    }

    /** The report of a repository as it is now. */
    public static Report document(Repository repository, int days, ZoneId zone) throws IOException {
        Instant now = Instant.now();
        Records records = Records.read(repository, now, days);
        return new ReportBuilder(records, repository.holds().list(), now, zone)
                .build(repository.config().repositoryId().toString(), repository.location(), days);
    }
}
