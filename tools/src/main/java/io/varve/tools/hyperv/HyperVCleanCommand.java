package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.Cleaning;
import io.varve.adapters.hyperv.Cleaning.Found;
import io.varve.adapters.hyperv.Cleaning.Kind;
import io.varve.adapters.hyperv.Cleaning.Origin;
import io.varve.adapters.hyperv.CommittedPoints;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.tools.document.HostObjectEntry;
import io.varve.tools.document.HyperVCleanDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.HyperVHosts;
import io.varve.tools.source.HyperVWiring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "clean",
        mixinStandardHelpOptions = true,
        description = {
            "Show what backups of a machine left at its host, and remove it with --apply.",
            "",
            "Removes what Varve created and no longer needs. What another product or a user may have created is"
                    + " only shown; give its id to remove it. Do not run this while a backup of the machine runs."
        },
        footer = {
            "",
            "  varve hyperv clean -r /backup/repo --host hv1.example.com --vm web1",
            "  varve hyperv clean -r /backup/repo --host hv1.example.com --vm web1 --apply"
        })
@Prints(HyperVCleanDocument.class)
final class HyperVCleanCommand extends RepositoryOptions {
    @Mixin
    private HostOptions host;

    @Mixin
    private MachineOptions machine;

    @Option(
            names = "--checkpoint",
            paramLabel = "ID",
            description = "Also remove this recovery checkpoint, even if it is not known to be Varve's. Repeatable.")
    private List<String> checkpoints = new ArrayList<>();

    @Option(
            names = "--reference-point",
            paramLabel = "ID",
            description = "Also remove this reference point, even if it is not known to be Varve's: the next"
                    + " backup by the product that made it reads the machine in full. Repeatable.")
    private List<String> points = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "ID",
            description = "Also remove this group of machines, even if it is not known to be Varve's. The machines"
                    + " stay. Repeatable.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--forget-export",
            paramLabel = "PATH",
            description = "Stop looking for exported files in this folder, because its share is gone for good."
                    + " Repeatable.")
    private List<String> forgotten = new ArrayList<>();

    @Option(names = "--apply", description = "Remove it; otherwise only show what would be removed.")
    private boolean apply;

    private final AtomicInteger removed = new AtomicInteger();

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return Count.of(removed.get(), "object") + " removed from the host";
    }

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        try (HyperV hyperV = host.connect()) {
            VirtualMachine found = machine.find(hyperV);
            String name = machine.nameOf(found);
            try (Cleaning cleaning = HyperVHosts.asked(() -> new Cleaning(
                    hyperV,
                    repository.config().repositoryId(),
                    found.id(),
                    HyperVWiring.journal(repository, found.id())))) {
                clean(cleaning, found, HyperVWiring.committed(repository, found.id(), name), output, cancellation);
            }
        }
    }

    private void clean(
            Cleaning cleaning,
            VirtualMachine found,
            CommittedPoints committed,
            Output output,
            Cancellation cancellation)
            throws IOException {
        List<Found> objects = HyperVHosts.asked(() -> cleaning.look(committed));
        checkNamed(objects);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"WHAT", "WHOSE", apply ? "REMOVED" : "TO REMOVE", "ID"});
        List<HostObjectEntry> entries = new ArrayList<>();
        for (Found object : objects) {
            cancellation.check();
            boolean remove = isToRemove(object);
            if (apply && remove && forgotten.contains(object.id())) {
                HyperVHosts.asked(() -> {
                    cleaning.forgetExport(object.id());
                    return true;
                });
                removed.incrementAndGet();
            } else if (apply && remove) {
                HyperVHosts.asked(() -> cleaning.remove(object.kind(), object.id()));
                removed.incrementAndGet();
            }
            rows.add(new String[] {word(object.kind()), word(object.origin()), remove ? "yes" : "no", object.id()});
            entries.add(new HostObjectEntry(word(object.kind()), object.id(), word(object.origin()), remove));
        }
        if (apply) {
            cleaning.done();
        }
        report(rows, objects, output);
        output.document(() -> new HyperVCleanDocument(found.id().toString(), entries, apply));
    }

    private void report(List<String[]> rows, List<Found> objects, Output output) {
        output.line("%s", rows.size() == 1 ? "the host is clean" : Table.of(rows));
        for (Found object : objects) {
            if (object.kind() == Kind.UNMERGED_FILE) {
                output.warning(WarningCode.NOT_MERGED, object.id() + " was not merged although its checkpoint is gone");
            }
        }
        if (!apply && objects.stream().anyMatch(this::isToRemove)) {
            output.line("nothing was removed; give --apply to remove it");
        }
    }

    /** A misspelt id must not pass for one that is gone already. */
    private void checkNamed(List<Found> objects) throws UsageException {
        for (String id : checkpoints) {
            check(objects, Kind.CHECKPOINT, id, "--checkpoint: the machine has no recovery checkpoint ");
        }
        for (String id : points) {
            check(objects, Kind.REFERENCE_POINT, id, "--reference-point: the machine has no reference point ");
        }
        for (String id : groups) {
            check(objects, Kind.GROUP, id, "--group: the machine is in no group ");
        }
        for (String id : forgotten) {
            check(objects, Kind.EXPORT, id, "--forget-export: no export of the machine is known in ");
        }
    }

    private static void check(List<Found> objects, Kind kind, String id, String message) throws UsageException {
        if (objects.stream()
                .noneMatch(object -> object.kind() == kind && object.id().equals(id))) {
            throw new UsageException(message + id);
        }
    }

    private boolean isToRemove(Found object) {
        return switch (object.kind()) {
            case CHECKPOINT -> object.origin() == Origin.LEFT || checkpoints.contains(object.id());
            case REFERENCE_POINT -> object.origin() == Origin.LEFT || points.contains(object.id());
            case GROUP -> groups.contains(object.id());
            case EXPORT -> true;
            case UNMERGED_FILE -> false;
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
