package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.fault.Count;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.tools.document.CopyDocument;
import io.varve.tools.document.CopyEntry;
import io.varve.tools.document.Prints;
import io.varve.tools.option.Closing;
import io.varve.tools.option.DryRunOption;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SecondRepository;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.option.TargetKeyOptions;
import io.varve.tools.option.TrafficText;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Progress;
import io.varve.tools.output.Subject;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description = {
            "Copy snapshots to another repository, copying only what the target lacks.",
            "",
            "Snapshots keep their ids. Those that the target has, or has forgotten, are skipped;"
                    + " a forgotten one that is named on the command line is copied under a new id. After"
                    + " an interruption, run the same command again to continue. Both repositories must"
                    + " have the same block size.",
            "",
            "Between plain repositories, and between those that share keys ('varve init"
                    + " --copy-keys-from'), chunks are copied as they are. Otherwise each chunk is"
                    + " decrypted, verified, and stored with the id and key of the target."
        },
        footer = {"", "  varve copy -r /backup/repo --to /offsite/repo", "  varve copy --to /offsite/repo latest:web1"})
@Prints(CopyDocument.class)
public final class CopyCommand extends RepositoryOptions {
    @Option(
            names = "--to",
            required = true,
            paramLabel = "REPO",
            description = "Target repository, created with 'varve init': a directory, or @NAME from a configuration"
                    + " file.")
    private String target;

    @Parameters(
            arity = "0..*",
            paramLabel = "SNAPSHOT",
            description = "Snapshots to copy. Default: all. " + SnapshotReference.HELP)
    private List<String> references = new ArrayList<>();

    @Mixin
    private TargetKeyOptions targetKey;

    @Option(
            names = "--decrypt",
            description = "Allow copying from an encrypted repository to a plain one, where anyone can read it.")
    private boolean decrypt;

    @Mixin
    private DryRunOption dryRun;

    @Mixin
    private WaitOption wait;

    @Mixin
    private ProgressOption progress;

    private final List<CopyEntry> copies = new ArrayList<>();
    private volatile int wanted; // number of snapshots
    private final AtomicInteger copied = new AtomicInteger(); // number of those copied so far

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return copied() + "; the one in progress was not committed. Run the same command again to continue";
    }

    private String copied() {
        return copied + " of " + Count.of(wanted, "snapshot") + " copied";
    }

    @Override
    public boolean onlyConfirms() {
        return !dryRun.given();
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        List<Snapshot> snapshots = wanted(list(repository, output));
        output.document(() -> new CopyDocument(copies, dryRun.given()));
        wanted = snapshots.size();

        RepositoryChoice choice = RepositoryChoice.of(target);
        targetKey.of(choice);
        Closing.after(Repository.open(choice.place().location()), output, other -> {
            other.backend().traffic().ifPresent(output::traffic);
            check(repository, other);
            SecondRepository.unlock(other, target, targetKey, repository);
            warnIfRolledBack(other, output);
            try {
                copy(repository, other, snapshots, output, cancellation);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (UnknownOutcomeException e) {
                output.notice(copied());
                throw e;
            } catch (IOException e) {
                output.notice(soFar());

                throw placed(e, "copying from " + place() + " to " + target);
            }
            if (!dryRun.given()) {
                rememberAll(other, output);
            }
            TrafficText.tell(other, output);
        });
        output.line(
                "%s %d of %s",
                dryRun.given() ? "dry run: would copy" : "copied", copied.get(), Count.of(wanted, "snapshot"));
    }

    private void copy(
            Repository repository, Repository other, List<Snapshot> snapshots, Output output, Cancellation cancellation)
            throws IOException {
        try (ReadSession from = ReadSession.open(repository, output::notice)) {
            WriteSession open = dryRun.given()
                    ? WriteSession.openToLook(other, "copy --dry-run", wait.patience(), output::notice)
                    : WriteSession.open(other, "copy", wait.patience(), output::notice);
            Closing.after(open, output, to -> {
                Shown listener = new Shown(cancellation, output);
                SnapshotCopy copy = new SnapshotCopy(from, to, listener);
                for (Snapshot snapshot : snapshots) {
                    long size = snapshot.manifest().disks().stream()
                            .mapToLong(DiskRecord::size)
                            .sum();
                    SnapshotCopy.Result result;
                    try (Progress shown =
                            Progress.start(output, subject(dryRun.given() ? "comparing" : "copying", snapshot), size)) {
                        listener.progress = shown;
                        result = dryRun.given()
                                ? copy.forecast(snapshot, !references.isEmpty())
                                : copy.copy(snapshot, !references.isEmpty());
                    }
                    copied.addAndGet(result.outcome() == SnapshotCopy.Outcome.COPIED ? 1 : 0);
                    copies.add(
                            dryRun.given()
                                    ? forecast(snapshot, result, copy.forecastIsExact(), output)
                                    : report(snapshot, result, output));
                }
            });
        }
    }

    private void check(Repository repository, Repository other) throws UsageException {
        if (other.config().repositoryId().equals(repository.config().repositoryId())) {
            throw new UsageException(target + " is the same repository: name another one with --to");
        }
        int size = repository.config().blockSize();
        if (other.config().blockSize() != size) {
            throw new UsageException(target + ": expected blocks of " + size + " bytes, found "
                    + other.config().blockSize() + ": create another with 'varve init --block-size " + size + "'");
        }
        if (repository.config().encrypted() && !other.config().encrypted() && !decrypt) {
            throw new UsageException(target + " is not encrypted, unlike this repository: whoever can"
                    + " read its files could read the disks. If that is intended, give --decrypt");
        }
    }

    /** Prints what would become of one snapshot. @return its entry in the document */
    static CopyEntry forecast(Snapshot snapshot, SnapshotCopy.Result result, boolean exact, Output output) {
        if (result.outcome() != SnapshotCopy.Outcome.COPIED) {
            return report(snapshot, result, output);
        }
        output.line(
                "%s of %s: would be copied, %s%s, %s",
                snapshot.id(),
                snapshot.manifest().machine(),
                exact ? "" : "at most ",
                Count.of(result.chunks(), "chunk"),
                ByteSize.text(result.bytesStored()));
        return entry(snapshot, result);
    }

    /** Prints the line for one snapshot and returns its entry in the document. */
    static CopyEntry report(Snapshot snapshot, SnapshotCopy.Result result, Output output) {
        boolean renamed = !result.id().equals(snapshot.id());
        String outcome = switch (result.outcome()) {
            case COPIED ->
                "copied" + (renamed ? " as " + result.id() + "; it was forgotten there" : "") + ", "
                        + Count.of(result.chunks(), "new chunk") + ", " + ByteSize.text(result.bytesStored());
            case THERE -> "already there" + (renamed ? " as " + result.id() : "");
            case FORGOTTEN -> "was forgotten there";
        };
        output.line("%s of %s: %s", snapshot.id(), snapshot.manifest().machine(), outcome);
        return entry(snapshot, result);
    }

    private static CopyEntry entry(Snapshot snapshot, SnapshotCopy.Result result) {
        return new CopyEntry(
                snapshot.id().text(),
                result.outcome().name().toLowerCase(Locale.ROOT),
                result.id().text(),
                result.chunks(),
                result.bytesStored());
    }

    /** Returns the snapshots to copy, oldest first, without duplicates. */
    private List<Snapshot> wanted(SnapshotCatalog.Listing listing) throws IOException {
        if (references.isEmpty()) {
            return listing.snapshots();
        }
        Set<Snapshot> chosen = new LinkedHashSet<>();
        for (String reference : references) {
            chosen.add(SnapshotReference.resolve(reference, listing));
        }
        return listing.snapshots().stream().filter(chosen::contains).toList();
    }

    static Subject subject(String phase, Snapshot snapshot) {
        return Subject.snapshot(
                phase, snapshot.manifest().machine(), snapshot.id().text());
    }

    /** Returns a listener that shows the progress of a copy, and stops it on request. */
    static SnapshotCopy.Listener listener(Progress progress, Cancellation cancellation, Output output) {
        Shown listener = new Shown(cancellation, output);
        listener.progress = progress;
        return listener;
    }

    private static final class Shown implements SnapshotCopy.Listener {
        private final Cancellation cancellation;
        private final Output output;
        private Progress progress;

        Shown(Cancellation cancellation, Output output) {
            this.cancellation = cancellation;
            this.output = output;
        }

        @Override
        public void warning(String message) {
            output.warning(WarningCode.AFTER_COMMIT, message);
        }

        @Override
        public void bytesDone(long bytes) {
            progress.add(bytes);
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }
    }
}
