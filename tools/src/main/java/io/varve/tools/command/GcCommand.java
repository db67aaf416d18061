package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionListener;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.gc.CollectionReport;
import io.varve.store.session.WriteSession;
import io.varve.tools.document.GcDocument;
import io.varve.tools.document.GcUndoDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.Closing;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.PhaseProgress;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = {
            "Delete what no snapshot needs any more.",
            "",
            "Packs that no snapshot needs are condemned: from then on they count as absent. A"
                    + " later gc checks again and deletes them. Packs that are only partly needed are"
                    + " repacked. Backups and restores can run at the same time; whatever a running backup"
                    + " may rely on is kept until it ends."
        },
        footer = {
            "",
            "After 'varve forget', run it twice, once to condemn and once to delete:",
            "  varve gc && varve gc"
        })
@Prints({GcDocument.class, GcUndoDocument.class})
public final class GcCommand extends RepositoryOptions {
    @Option(
            names = {"-n", "--dry-run"},
            description = "Show what would be deleted; change nothing.")
    private boolean dryRun;

    @Option(
            names = "--max-waste",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "Repack packs of which more than PERCENT is unneeded. Default: ${DEFAULT-VALUE}.")
    private double maxWaste;

    @Option(
            names = "--max-delete",
            paramLabel = "PERCENT",
            defaultValue = "50",
            description =
                    "Stop if more than PERCENT of the repository would be deleted. Default:" + " ${DEFAULT-VALUE}.")
    private double maxDelete;

    @Option(
            names = "--undo",
            description = "Reinstate condemned packs instead of collecting. 'varve unforget' can then bring"
                    + " back snapshots.")
    private boolean undo;

    @Mixin
    private WaitOption wait;

    @Mixin
    private ProgressOption progress;

    private final AtomicInteger deleted = new AtomicInteger(); // packs, so far

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return (deleted.get() == 0
                        ? "no pack was condemned or deleted"
                        : Count.of(deleted.get(), "condemned pack was", "condemned packs were")
                                + " deleted and no others condemned")
                + "; run 'varve gc' again to continue";
    }

    @Override
    public boolean onlyConfirms() {
        return !dryRun;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        CollectionOptions options;
        try {
            options = new CollectionOptions(maxWaste, maxDelete, dryRun);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        if (undo && dryRun) {
            throw new UsageException("give --undo or --dry-run, not both");
        }
        Closing.after(open(repository, output), output, session -> {
            if (undo) {
                int lifted = Collection.undo(session, output::notice);
                output.line("%s reinstated", Count.of(lifted, "condemned pack"));
                output.document(() -> new GcUndoDocument(lifted));
                return;
            }
            Listener listener = new Listener(output, cancellation);
            CollectionReport report;
            try {
                report = Collection.run(session, options, listener, new SecureRandom().nextLong());
            } finally {
                listener.close();
            }
            report(report, output);
        });
    }

    private WriteSession open(Repository repository, Output output) throws IOException {
        return dryRun
                ? WriteSession.openToLookAtCollection(repository, "gc --dry-run", wait.patience(), output::notice)
                : WriteSession.openForCollection(repository, "collection", wait.patience(), output::notice);
    }

    private void report(CollectionReport report, Output output) {
        output.line(
                "%s, %s; %s, %s, of which snapshots need %s",
                Count.of(report.snapshots(), "snapshot"),
                Count.of(report.pages(), "map page"),
                Count.of(report.packs(), "pack"),
                ByteSize.text(report.bytes()),
                ByteSize.text(report.liveBytes()));
        if (report.deletedPacks() > 0) {
            output.line(
                    "deleted %s, %s, condemned by an earlier run",
                    Count.of(report.deletedPacks(), "pack"), ByteSize.text(report.deletedBytes()));
        }
        if (report.packsInUse() > 0) {
            output.line("kept %s of running backups", Count.of(report.packsInUse(), "pack"));
        }
        output.line(
                "%s %s, %s (%d that nothing needs, %d thin%s)%s",
                dryRun ? "would condemn" : "condemned",
                Count.of(report.condemnedPacks(), "pack"),
                ByteSize.text(report.condemnedBytes()),
                report.emptyPacks(),
                report.thinPacks(),
                dryRun ? "" : ", repacked " + ByteSize.text(report.repackedBytes()),
                dryRun || report.condemnedPacks() == 0 ? "" : "; the next gc deletes them");
        output.document(() -> document(report));
    }

    private GcDocument document(CollectionReport report) {
        return new GcDocument(
                dryRun,
                report.snapshots(),
                report.pages(),
                report.packs(),
                report.bytes(),
                report.liveBytes(),
                report.emptyPacks(),
                report.thinPacks(),
                report.repackedBytes(),
                report.condemnedPacks(),
                report.condemnedBytes(),
                report.deletedPacks(),
                report.deletedBytes(),
                report.rescuedPacks(),
                report.postponedPacks(),
                report.packsInUse());
    }

    /** Shows each phase and passes on warnings. */
    private final class Listener implements CollectionListener {
        private final Output output;
        private final Cancellation cancellation;
        private final PhaseProgress phases;

        Listener(Output output, Cancellation cancellation) {
            this.output = output;
            this.cancellation = cancellation;
            this.phases = new PhaseProgress(output);
        }

        @Override
        public void phase(String name, long steps) {
            phases.count(name, steps);
        }

        @Override
        public void advanced(long steps) {
            phases.add(steps);
        }

        @Override
        public void deleted() {
            deleted.incrementAndGet();
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }

        @Override
        public void notice(String message) {
            output.notice(message);
        }

        @Override
        public void warning(String code, String message) {
            output.warning(WarningCode.of(code, message));
        }

        void close() {
            phases.close();
        }
    }
}
