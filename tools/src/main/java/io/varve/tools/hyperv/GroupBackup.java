package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.MachineGroup;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Workshop;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.document.HyperVGroupDocument;
import io.varve.tools.document.HyperVGroupEntry;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.HyperVWiring;
import io.varve.tools.source.MachineGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Backs up machines that share disks, each in a thread and with a connection of its own. */
final class GroupBackup {
    private final Repository repository;
    private final HostOptions host;
    private final ReadingOptions reading;
    private final HyperVSource.Choices choices;
    private final Output output;
    private final Cancellation cancellation;
    private final Map<String, Snapshot> snapshots = Collections.synchronizedMap(new TreeMap<>());
    private final Map<String, IOException> failures = Collections.synchronizedMap(new TreeMap<>());

    GroupBackup(
            Repository repository,
            HostOptions host,
            ReadingOptions reading,
            HyperVSource.Choices choices,
            Output output,
            Cancellation cancellation) {
        this.repository = repository;
        this.host = host;
        this.reading = reading;
        this.choices = choices;
        this.output = output;
        this.cancellation = cancellation;
    }

    /** @throws IOException the failure of one that did not fail because of another */
    void run(List<VirtualMachine> machines, ShareServers servers, MachineBackup backup, BackupOptions options)
            throws IOException {
        Workshop workshop = new Workshop(options, repository.config().blockSize());
        try (HyperV own = host.connect()) {
            MachineGroup group = MachineGroups.night(own, machines, choices, repository, output, cancellation);
            List<MachineGroup.Member> members =
                    machines.stream().map(machine -> group.member(machine.id())).toList();
            AtomicInteger next = new AtomicInteger();
            Workers.run(machines.size(), "varve-machine", cancellation, () -> () -> {
                int i = next.getAndIncrement();
                try {
                    run(machines.get(i), members.get(i), servers, backup, options, workshop);
                } finally {
                    members.get(i).leave();
                }
                return null;
            });
        }
        output.document(() -> new HyperVGroupDocument(entries(machines)));
        Optional<IOException> cause = failures.values().stream()
                .filter(e -> !Reason.of(e).contains(MachineGroup.TOGETHER))
                .findFirst()
                .or(() -> failures.values().stream().findFirst());
        if (cause.isPresent()) {
            throw cause.get();
        }
    }

    private void run(
            VirtualMachine machine,
            MachineGroup.Member member,
            ShareServers servers,
            MachineBackup backup,
            BackupOptions options,
            Workshop workshop) {
        Output words = output.part(machine.name());
        try (HyperV hyperV = host.connect()) {
            MachineBackup.checkName(machine.name());
            CheckpointSource source = HyperVWiring.source(
                    new HyperVWiring.Wanted(
                            hyperV,
                            machine,
                            choices.with(member),
                            reading.way(),
                            reading.mounts(),
                            reading.exportTo(),
                            servers),
                    repository,
                    words,
                    cancellation);
            MachineBackup.Work work = new MachineBackup.Work(machine.name(), source, options, Optional.empty());
            snapshots.put(machine.name(), backup.run(work, workshop, words));
        } catch (IOException e) {
            failures.put(machine.name(), e);
            words.notice("FAILED: " + Reason.of(e));
        }
    }

    private List<HyperVGroupEntry> entries(List<VirtualMachine> machines) {
        List<HyperVGroupEntry> entries = new ArrayList<>();
        for (VirtualMachine machine : machines) {
            entries.add(new HyperVGroupEntry(
                    machine.name(),
                    Optional.ofNullable(snapshots.get(machine.name()))
                            .map(snapshot -> snapshot.id().text()),
                    Optional.ofNullable(failures.get(machine.name())).map(Reason::of)));
        }
        return entries;
    }
}
