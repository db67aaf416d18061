package io.varve.tools.nightly;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.store.fault.Reason;
import io.varve.tools.source.MachineGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Which machines of a night are backed up together; each in the place of its first one. */
record NightUnits(List<List<PlannedMachine>> units) {
    /**
     * Asks the hosts whose machines are to be grouped.
     *
     * @param odd told of hosts that do not say which machines share disks: these are backed up one by one
     */
    static NightUnits of(List<PlannedMachine> machines, Consumer<String> odd) {
        Map<Selection.Host, List<VirtualMachine>> byHost = new LinkedHashMap<>();
        for (PlannedMachine machine : machines) {
            if (machine.origin() instanceof HyperVOrigin origin && origin.host().groups()) {
                byHost.computeIfAbsent(origin.host(), host -> new ArrayList<>()).add(origin.machine());
            }
        }
        Map<UUID, List<PlannedMachine>> unitOf = new LinkedHashMap<>();
        byHost.forEach((host, of) -> {
            for (List<VirtualMachine> group : groups(host, of, odd)) {
                List<PlannedMachine> unit = new ArrayList<>();
                group.forEach(member -> unitOf.put(member.id(), unit));
            }
        });
        List<List<PlannedMachine>> units = new ArrayList<>();
        for (PlannedMachine machine : machines) {
            List<PlannedMachine> unit = machine.origin() instanceof HyperVOrigin origin
                    ? unitOf.getOrDefault(origin.machine().id(), new ArrayList<>())
                    : new ArrayList<>();
            if (unit.isEmpty()) {
                units.add(unit);
            }
            unit.add(machine);
        }
        return new NightUnits(units);
    }

    private static List<List<VirtualMachine>> groups(
            Selection.Host host, List<VirtualMachine> machines, Consumer<String> odd) {
        try (HyperV hyperV = HostConnection.open(host)) {
            return MachineGroups.of(hyperV, machines);
        } catch (IOException e) {
            odd.accept("host " + host.name() + " does not say which machines share disks, so they are backed up one by"
                    + " one: " + Reason.of(e));
            return List.of();
        }
    }
}
