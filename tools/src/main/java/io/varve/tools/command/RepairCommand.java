package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.Count;
import io.varve.store.repair.Repair;
import io.varve.store.repair.Repair.DamagedPack;
import io.varve.store.repair.Rescue;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.tools.document.DamagedPackEntry;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RepairDocument;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.AffectedText;
import io.varve.tools.output.FsckDocuments;
import io.varve.tools.output.Output;
import io.varve.tools.output.Progress;
import io.varve.tools.output.Subject;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Read every pack, and save the intact chunks of damaged ones.",
            "",
            "Without --apply, only the plan is shown. With it, intact chunks of damaged packs"
                    + " are copied to new packs, and the damaged files are moved to quarantine/. What is"
                    + " lost counts as absent from then on: the next backup of a disk that needs it reads"
                    + " the whole disk and stores it again, if the disk still has it.",
            "",
            "With --from, damaged or missing chunks that snapshots need are taken from a second"
                    + " repository, each verified by its id. That repository must be plain like this one,"
                    + " or share its keys; otherwise the same content has another id there."
        },
        footer = {
            "",
            "Afterwards, run a backup, then 'varve fsck'. Delete quarantine/ when it is no" + " longer needed."
        })
@Prints(RepairDocument.class)
public final class RepairCommand extends RepositoryOptions {
    @Option(names = "--apply", description = "Carry out the repair.")
    private boolean apply;

    @Option(
            names = "--from",
            paramLabel = "REPO",
            description = "Second repository, made by 'varve copy', to take lost chunks from. Needs the key if"
                    + " this repository is encrypted.")
    private String second;

    @Mixin
    private WaitOption wait;

    @Mixin
    private ProgressOption progress;

    private final AtomicInteger moved = new AtomicInteger(); // damaged packs, so far
    private volatile boolean rescues; // whether all damaged packs have been handled

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        if (!apply) {
            return "nothing was changed";
        }
        String again = "; run the same command again to continue";
        if (rescues) {
            return Count.of(moved.get(), "damaged pack was", "damaged packs were")
                    + " repaired, but not all lost chunks were taken from " + second + again;
        }
        return moved.get() == 0
                ? "no damaged pack was moved yet" + again
                : Count.of(moved.get(), "damaged pack was", "damaged packs were")
                        + " moved to quarantine/, but not all intact chunks were saved yet"
                        + again;
    }

    @Override
    public KeyNeed keyNeed() {
        return second == null ? KeyNeed.NONE : KeyNeed.READ;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        if (second == null) {
            run(repository, Optional.empty(), output, cancellation);
            return;
        }
        try (Repository other =
                Repository.open(RepositoryChoice.of(second).place().location())) {
            other.unlock(repository);
            if (!repository.namesAlike(other)) {
                throw new UsageException(second + " has other keys than this repository, or only one of"
                        + " the two is encrypted: its chunks have other ids and cannot replace lost ones."
                        + " Restore from it instead, or 'varve copy' its snapshots to a new repository");
            }
            try (ReadSession from = ReadSession.open(other, output::notice)) {
                run(repository, Optional.of(from), output, cancellation);
            }
        }
    }

    private void run(Repository repository, Optional<ReadSession> from, Output output, Cancellation cancellation)
            throws IOException {
        List<DamagedPack> damaged;
        long saved;
        int rebuilt;
        Rescue.Result rescued = new Rescue.Result(0, 0);
        Set<ChunkId> lost = new HashSet<>();
        try (WriteSession session = open(repository, output)) {
            Listener listener = new Listener(output, cancellation);
            try {
                Repair repair = new Repair(session, listener);
                damaged = repair.plan();
                lost.addAll(lostForNow(damaged, repair));
                listener.close();
                damaged.forEach(pack -> tell(pack, lost, output));
                saved = apply ? repair.apply(damaged) : 0;
                rebuilt = repair.rebuiltPacks();
                rescues = apply;
                if (from.isPresent()) {
                    rescued = Rescue.run(
                            session,
                            from.get(),
                            id -> {
                                listener.check();
                                return repair.isLost(id);
                            },
                            apply);
                }
            } finally {
                listener.close();
            }
        }
        report(damaged, lost, rebuilt, saved, output);
        if (from.isPresent()) {
            report(rescued, output);
        }
        Optional<Rescue.Result> taken = from.isPresent() ? Optional.of(rescued) : Optional.empty();
        List<DamagedPackEntry> entries =
                damaged.stream().map(pack -> entry(pack, lost)).toList();
        RepairDocument document = new RepairDocument(
                apply,
                saved,
                rebuilt,
                entries,
                taken.map(Rescue.Result::lost),
                taken.map(Rescue.Result::taken),
                Optional.empty());
        output.document(() -> document);
        if (apply) {
            FsckReport report = remaining(repository, output);
            output.document(() -> document.withRemaining(FsckDocuments.of(report)));
        } else if (lost.size() > rescued.taken()) {
            output.warning(
                    WarningCode.CHUNKS_LOST,
                    Count.of(lost.size() - rescued.taken(), "chunk") + " of damaged packs without an intact copy");
        }
    }

    private static void tell(DamagedPack pack, Set<ChunkId> lost, Output output) {
        long here = pack.rebuildable()
                ? 0
                : pack.lost().stream().distinct().filter(lost::contains).count();
        long elsewhere =
                pack.rebuildable() ? 0 : pack.lost().stream().distinct().count() - here;
        output.line(
                "damaged: pack %s: %s%s%s intact, %s lost%s",
                pack.pack().hex(),
                pack.rebuildable() ? "fully recoverable from parity, " : "",
                pack.footerReadable() ? "" : "footer unreadable, ",
                Count.of(pack.soundFrames(), "chunk"),
                pack.footerReadable() || pack.rebuildable() ? "" + here : "an unknown number",
                elsewhere == 0 ? "" : ", " + elsewhere + " damaged here but intact in another pack");
    }

    /**
     * Returns the chunks that neither a pack nor parity can restore. They are lost unless a second repository has them.
     */
    private static Set<ChunkId> lostForNow(List<DamagedPack> damaged, Repair repair) throws IOException {
        Set<ChunkId> lost = new HashSet<>();
        for (DamagedPack pack : damaged) {
            for (ChunkId id : pack.rebuildable() ? List.<ChunkId>of() : pack.lost()) {
                if (repair.isLost(id)) {
                    lost.add(id);
                }
            }
        }
        return lost;
    }

    /** Opens a session: a plain one for the plan, and one that writes alone for moving packs. */
    private WriteSession open(Repository repository, Output output) throws IOException {
        return apply
                ? WriteSession.openAlone(repository, "repair", wait.patience(), output::notice)
                : WriteSession.openToLook(repository, "repair plan", wait.patience(), output::notice);
    }

    private void report(Rescue.Result rescued, Output output) {
        output.line(
                apply
                        ? "%s that snapshots need: %d taken from %s, %d not found there"
                        : "%s that snapshots need: %d can be taken from %s, %d are not there",
                Count.of(rescued.lost(), "lost chunk"),
                rescued.taken(),
                second,
                rescued.lost() - rescued.taken());
    }

    private void report(List<DamagedPack> damaged, Set<ChunkId> lost, int rebuilt, long saved, Output output) {
        long sound = damaged.stream().mapToLong(DamagedPack::soundFrames).sum();
        if (damaged.isEmpty() && saved == 0 && rebuilt == 0) {
            output.line("all packs are intact; nothing to repair");
        } else if (apply) {
            output.line(
                    "%s moved to quarantine/, %d rebuilt from parity, %s saved from the others, %d lost",
                    Count.of(damaged.size(), "damaged pack"), rebuilt, Count.of(saved, "chunk"), lost.size());
        } else {
            output.line(
                    "%s, %d recoverable from parity: %s to be saved, %d lost; 'varve repair --apply' does it",
                    Count.of(damaged.size(), "damaged pack"),
                    damaged.stream().filter(DamagedPack::rebuildable).count(),
                    Count.of(sound, "chunk"),
                    lost.size());
        }
    }

    private static DamagedPackEntry entry(DamagedPack pack, Set<ChunkId> lost) {
        return new DamagedPackEntry(
                pack.pack().hex(),
                pack.footerReadable(),
                pack.rebuildable(),
                pack.soundFrames(),
                pack.lost().stream()
                        .distinct()
                        .filter(lost::contains)
                        .map(ChunkId::hex)
                        .toList());
    }

    /** Returns which ranges of which disks of which snapshots are still damaged. */
    private static FsckReport remaining(Repository repository, Output output) throws IOException {
        FsckListener quiet = new FsckListener() {
            @Override
            public void phase(String name, long total) {}

            @Override
            public void advanced(long units) {}

            @Override
            public void found(Finding finding) {}
        };
        FsckOptions options = FsckOptions.of(FsckOptions.Level.STRUCTURE, 1);
        FsckReport report = new Fsck(repository, options, quiet).run();
        AffectedText.lines(report.affected(), false).forEach(line -> output.line("%s", line));
        if (!report.affected().isEmpty()) {
            output.warning(
                    WarningCode.DISKS_DAMAGED,
                    Count.of(report.affected().size(), "disk") + " of snapshots still damaged in the ranges above");
        }
        return report;
    }

    private final class Listener implements Repair.Listener {
        private final Output output;
        private final Cancellation cancellation;
        private Progress progress;

        Listener(Output output, Cancellation cancellation) {
            this.output = output;
            this.cancellation = cancellation;
        }

        @Override
        public void started(int packs) {
            progress = Progress.count(output, Subject.phase("reading packs"), packs);
        }

        @Override
        public void packDone() {
            progress.add(1);
        }

        @Override
        public void damaged(DamagedPack pack) {} // told when all packs are read: what is lost here may be sound there

        @Override
        public void moved() {
            moved.incrementAndGet();
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }

        void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }
}
