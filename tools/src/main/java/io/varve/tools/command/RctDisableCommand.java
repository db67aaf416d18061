package io.varve.tools.command;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.RefusedException;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RctBaseEntry;
import io.varve.tools.document.RctSwitchDocument;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.RctBases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "disable",
        mixinStandardHelpOptions = true,
        description = {
            "Stop tracking changes of a disk, which must be offline.",
            "",
            "This invalidates every change id of the disk, including those of other backup products: the next"
                    + " backup by each of them reads the disk in full. What is known to rely on an id is listed:"
                    + " with -r, the snapshots of that repository; with --host, the reference points of the"
                    + " machines with this disk. Windows itself does not say who holds an id."
        },
        footer = {
            "",
            "  varve rct disable -r /backup/repo --host hv1.example.com D:\\vm\\web1.vhdx",
            "  varve rct disable --force D:\\vm\\web1.vhdx"
        })
@Prints(RctSwitchDocument.class)
final class RctDisableCommand extends RctChangeCommand {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "REPO",
            description = "Also list the snapshots of this repository that rely on the disk's ids. Default: VARVE_REPO,"
                    + " or none.")
    private String repository;

    @ArgGroup(exclusive = false, heading = "%nA Hyper-V host whose reference points are listed, too:%n")
    private HostOptions host;

    @Option(names = "--force", description = "Do it even if something may rely on the ids.")
    private boolean force;

    private List<Snapshot> snapshots = List.of();
    private boolean knowsSnapshots;

    @Override
    public boolean usesRepository() {
        return true;
    }

    /** A repository that cannot be read is no failure of the disk. */
    @Override
    void prepare(Output output) throws IOException {
        Optional<RepositoryChoice> choice = RepositoryChoice.find(repository, spec());
        if (choice.isPresent()) {
            try (Repository open = Repository.open(choice.get().place().location())) {
                snapshots = RepositoryOptions.list(open, output).snapshots();
            }
        }
        knowsSnapshots = choice.isPresent();
    }

    @Override
    boolean isToChange() {
        return force;
    }

    @Override
    void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException {
        VirtualDisk.Tracking tracking = disk.tracking();
        List<RctBases.Base> bases = tracking.enabled() ? bases(disk, tracking) : List.of();
        show(bases, output);
        boolean isToAsk = tracking.enabled() && !force;
        if (isToAsk) {
            output.document(() -> new RctSwitchDocument(
                    true,
                    Optional.of(tracking.mostRecentId()).filter(id -> !id.isEmpty()),
                    Optional.of(entries(bases))));
            throw new RefusedException(disk.file() + ": its changes are tracked. Stopping this invalidates every"
                    + " change id of the disk, including those of other backup products; "
                    + Count.of(bases.size(), "known use is", "known uses are")
                    + " listed" + unseen() + ". Give --force to do it anyway. Nothing was changed");
        }
        if (tracking.enabled()) {
            disk.setTracking(false);
        }
        output.document(() -> new RctSwitchDocument(false, Optional.empty(), Optional.of(entries(bases))));
        output.line("change tracking is off");
    }

    private List<RctBases.Base> bases(VirtualDisk disk, VirtualDisk.Tracking tracking) throws IOException {
        List<RctBases.Base> bases = new ArrayList<>();
        if (!tracking.mostRecentId().isEmpty()) {
            bases.add(new RctBases.Base(
                    RctBases.Kind.WINDOWS, "any product: the newest id that Windows gave", tracking.mostRecentId()));
        }
        bases.addAll(RctBases.ofSnapshots(snapshots, disk.identity()));
        if (host != null) {
            try (HyperV hyperV = host.connect()) {
                String file = file().toAbsolutePath().normalize().toString();
                bases.addAll(RctBases.ofHost(hyperV, disk.identity(), file, snapshots));
            }
        }
        return bases;
    }

    /** What was not looked at, and what shows nowhere. */
    private String unseen() {
        List<String> unseen = new ArrayList<>();
        if (!knowsSnapshots) {
            unseen.add("snapshots of a repository (-r)");
        }
        if (host == null) {
            unseen.add("reference points (--host)");
        }
        unseen.add("products that keep an id without a reference point");
        return "; not seen: " + String.join(", ", unseen);
    }

    private static void show(List<RctBases.Base> bases, Output output) {
        if (!bases.isEmpty()) {
            List<String[]> rows = new ArrayList<>();
            rows.add(new String[] {"CHANGE ID", "WHO MAY RELY ON IT"});
            bases.forEach(base -> rows.add(new String[] {base.changeId(), base.holder()}));
            output.line("%s", Table.of(rows));
        }
    }

    private static List<RctBaseEntry> entries(List<RctBases.Base> bases) {
        return bases.stream()
                .map(base -> new RctBaseEntry(
                        base.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), base.holder(), base.changeId()))
                .toList();
    }
}
