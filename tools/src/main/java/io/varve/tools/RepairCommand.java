package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.repair.Repair;
import io.varve.store.repair.Repair.DamagedPack;
import io.varve.store.session.WriteSession;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Read every pack, and save what is sound of damaged ones.",
            "",
            "Without --apply only the plan is shown. With it, sound chunks of damaged packs are copied into new ones,",
            "and the damaged files go to quarantine/. What is lost counts as absent from then on: the next backup of",
            "a disk that needs it reads the disk whole and stores it again, if the disk still has it."
        },
        footer = {"", "Afterwards: back up, then 'varve fsck'. Delete quarantine/ when nobody needs it any more."})
final class RepairCommand extends RepositoryOptions {
    @Option(names = "--apply", description = "Do it.")
    private boolean apply;

    @Mixin
    private WaitOption wait;

    @Option(names = "--no-progress", description = "Do not show how far it is.")
    private boolean noProgress;

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        List<DamagedPack> damaged;
        long saved;
        try (WriteSession session = WriteSession.open(repository, "repair", wait.patience(), output::notice)) {
            Listener listener = new Listener(output, !noProgress);
            try {
                Repair repair = new Repair(session, listener);
                damaged = repair.plan();
                saved = apply ? repair.apply(damaged) : 0;
            } finally {
                listener.close();
            }
        }
        report(damaged, saved, output);
        if (apply && (saved > 0 || !damaged.isEmpty())) {
            remaining(repository, output);
        }
    }

    private void report(List<DamagedPack> damaged, long saved, Output output) {
        long sound = damaged.stream().mapToLong(DamagedPack::soundFrames).sum();
        long lost = damaged.stream().mapToLong(pack -> pack.lost().size()).sum();
        if (damaged.isEmpty() && saved == 0) {
            output.line("all packs are sound; nothing to repair");
        } else if (apply) {
            output.line(
                    "%d damaged packs moved to quarantine/, %d chunks saved from there, %d lost",
                    damaged.size(), saved, lost);
        } else {
            output.line(
                    "%d damaged packs: %d chunks can be saved, %d are lost; 'varve repair --apply' does it",
                    damaged.size(), sound, lost);
        }
        if (output.isJson()) {
            var list = output.document()
                    .put("applied", apply)
                    .put("savedChunks", saved)
                    .putArray("damagedPacks");
            for (DamagedPack pack : damaged) {
                var entry = list.addObject()
                        .put("pack", pack.pack().hex())
                        .put("footerReadable", pack.footerReadable())
                        .put("soundChunks", pack.soundFrames());
                var ids = entry.putArray("lostChunks");
                pack.lost().forEach(id -> ids.add(id.hex()));
            }
        }
    }

    /** Which ranges of which disks of which snapshots stay damaged. */
    private static void remaining(Repository repository, Output output) throws IOException {
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
        FsckCommand.printAffected(report, output);
        if (output.isJson()) {
            FsckJson.write(report, output.document());
        }
        if (!report.affected().isEmpty()) {
            output.warning(report.affected().size() + " disks of snapshots stay damaged in the ranges above; restore"
                    + " them with --allow-damaged");
        }
    }

    private static final class Listener implements Repair.Listener {
        private final Output output;
        private final boolean shown;
        private Progress progress;

        Listener(Output output, boolean shown) {
            this.output = output;
            this.shown = shown;
        }

        @Override
        public void started(int packs) {
            progress = Progress.count(output, "reading packs", packs, shown);
        }

        @Override
        public void packDone() {
            progress.add(1);
        }

        @Override
        public void damaged(DamagedPack pack) {
            output.line(
                    "damaged: pack %s: %s%d chunks sound, %s lost",
                    pack.pack().hex(),
                    pack.footerReadable() ? "" : "footer unreadable, ",
                    pack.soundFrames(),
                    pack.footerReadable() ? "" + pack.lost().size() : "unknown");
        }

        void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }
}
