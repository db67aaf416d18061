package io.varve.tools.source;

import io.varve.adapters.hyperv.CheckpointedDisk;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.HyperVWords;
import io.varve.adapters.hyperv.MachineGroup;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.windows.WindowsName;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Machines of a host that share VHD sets, and so are backed up together. */
public final class MachineGroups {
    private static final String SET = ".vhds";

    private MachineGroups() {}

    /**
     * Whether machines that are read in this way can be backed up together: their sets' files must be readable here.
     */
    public static boolean fits(ReadingWay way, Optional<String> exportTo) {
        return switch (way) {
            case WIN32, WMI_CHANGES, DIRECT -> true;
            case AUTO -> exportTo.isEmpty();
            default -> false;
        };
    }

    private record Sharing(List<VirtualMachine> machines, Set<String> sets) {}

    /** Asks the host which of these machines share VHD sets; each group has two at least. */
    public static List<List<VirtualMachine>> of(HyperV host, List<VirtualMachine> machines) throws IOException {
        List<Sharing> groups = new ArrayList<>();
        for (VirtualMachine machine : machines) {
            Set<String> sets = sets(host, machine);
            if (sets.isEmpty()) {
                continue;
            }
            Sharing joined = new Sharing(new ArrayList<>(List.of(machine)), sets);
            for (Sharing other : List.copyOf(groups)) {
                if (other.sets().stream().anyMatch(joined.sets()::contains)) {
                    joined.machines().addAll(other.machines());
                    joined.sets().addAll(other.sets());
                    groups.remove(other);
                }
            }
            groups.add(joined);
        }
        return groups.stream()
                .map(Sharing::machines)
                .filter(group -> group.size() > 1)
                .toList();
    }

    private static Set<String> sets(HyperV host, VirtualMachine machine) throws IOException {
        Set<String> sets = new HashSet<>();
        for (CheckpointedDisk disk : host.liveDisks(machine.id())) {
            String file = WindowsName.withoutPrefix(disk.file()).toLowerCase(Locale.ROOT);
            if (file.endsWith(SET) && host.settings(disk.file()).isSet()) {
                sets.add(file);
            }
        }
        return sets;
    }

    /**
     * The night of a group.
     *
     * @param host a connection of its own, which stays the caller's
     * @param choices for all of them
     */
    public static MachineGroup night(
            HyperV host,
            List<VirtualMachine> machines,
            HyperVSource.Choices choices,
            Repository repository,
            Output output,
            Cancellation cancellation) {
        List<String> names =
                machines.stream().map(VirtualMachine::name).sorted().toList();
        MachineGroup.Named named = new MachineGroup.Named(
                repository.config().repositoryId(),
                "Varve: " + String.join(", ", names),
                machines.stream().map(VirtualMachine::id).toList());
        HyperVWords words = HyperVWiring.words(output);
        return new MachineGroup(host, named, choices, words, cancellation);
    }
}
