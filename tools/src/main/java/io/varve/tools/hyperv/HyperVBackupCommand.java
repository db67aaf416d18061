package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.Consistency;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.document.BackupDocument;
import io.varve.tools.document.HyperVGroupDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.BackupChoices;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.HyperVHosts;
import io.varve.tools.source.HyperVWiring;
import io.varve.tools.source.MachineGroups;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Back up one machine of a Hyper-V host.",
            "",
            "Takes a recovery checkpoint, reads what changed since the previous backup and the configuration"
                    + " files, makes the checkpoint a reference point for the next backup, and waits until the"
                    + " host has merged the checkpoint's files. What an interrupted backup left is removed"
                    + " first. The guest keeps running."
        },
        footer = {
            "",
            "  varve hyperv backup -r /backup/repo --host hv1.example.com --vm web1 \\",
            "      --map 'D:\\VMs=/mnt/hv1/vms'"
        })
@Prints({BackupDocument.class, HyperVGroupDocument.class})
final class HyperVBackupCommand extends RepositoryOptions {
    @Mixin
    private HostOptions host;

    @Mixin
    private MachineOptions machine;

    @Mixin
    private ReadingOptions reading;

    @Mixin
    private ShareOptions shares;

    @Option(
            names = "--consistency",
            defaultValue = "prefer",
            paramLabel = "HOW",
            description = "require: fail if the guest cannot freeze its applications. prefer: in that case, back"
                    + " it up crash-consistent, with a warning. crash: do not ask the guest. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Consistency consistency;

    @Option(
            names = "--group",
            description = "Back it up together with all other machines of the host that share VHD sets with it,"
                    + " frozen at the same time. The sets are included. Each machine gets a snapshot under its"
                    + " name in Hyper-V.")
    private boolean group;

    @Mixin
    private BackupChoices choices;

    @Mixin
    private ProgressOption progress;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return "nothing was committed";
    }

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.WRITE;
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    /** @return false when no other machine shares a VHD set with it */
    private boolean runGroup(
            HyperV hyperV,
            VirtualMachine found,
            ShareServers servers,
            Repository repository,
            Output output,
            Cancellation cancellation)
            throws IOException {
        if (!MachineGroups.fits(reading.way(), reading.exportTo())) {
            throw new UsageException("--group reads the machines' files: omit --export-to, and omit --read or give"
                    + " it win32, wmi-changes or direct");
        }
        List<VirtualMachine> together = HyperVHosts.asked(() -> MachineGroups.of(hyperV, hyperV.machines())).stream()
                .filter(each -> each.contains(found))
                .findFirst()
                .orElse(List.of());
        if (together.isEmpty()) {
            output.notice("no other machine of host " + hyperV.host() + " shares a VHD set with "
                    + Printable.name(found.name()) + ": it is backed up alone");
            return false;
        }
        machine.checkNoName();
        HyperVSource.Choices wanted = HyperVHosts.choices().with(consistency);
        new GroupBackup(repository, host, reading, wanted, output, cancellation)
                .run(
                        together,
                        servers,
                        new MachineBackup(repository, choices.patience(), cancellation),
                        choices.options(-1, true));
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        try (ShareServers servers = shares.servers();
                HyperV hyperV = host.connect()) {
            VirtualMachine found = machine.find(hyperV);
            if (group && runGroup(hyperV, found, servers, repository, output, cancellation)) {
                return;
            }
            String name = machine.nameOf(found);
            MachineBackup.checkName(name);
            CheckpointSource source = HyperVWiring.source(
                    new HyperVWiring.Wanted(
                            hyperV,
                            found,
                            HyperVHosts.choices().with(consistency),
                            reading.way(),
                            reading.mounts(),
                            reading.exportTo(),
                            servers),
                    repository,
                    output,
                    cancellation);
            MachineBackup.Work work = new MachineBackup.Work(name, source, choices.options(-1, true), Optional.empty());
            new MachineBackup(repository, choices.patience(), cancellation).run(work, output);
        }
    }
}
