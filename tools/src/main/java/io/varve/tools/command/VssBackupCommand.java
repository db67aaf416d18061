package io.varve.tools.command;

import io.varve.adapters.vss.VssSource;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.document.BackupDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.BackupChoices;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.source.VssWiring;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Back up one Hyper-V machine from a shadow copy.",
            "",
            "Freezes the machine through the Hyper-V VSS writer, reads its disks and configuration from the shadow"
                    + " copy, and then deletes the shadow copy, also after a failure. If the guest freezes its own"
                    + " volumes, the snapshot is application-consistent. Pass-through disks, and disks that the guest"
                    + " attaches itself (iSCSI), are not included."
        },
        footer = {
            "",
            "  varve vss list",
            "  varve vss backup -r D:\\backup --machine web1 \\",
            "      --vm 7802ce25-83f1-48e0-9637-941262284282"
        })
@Prints(BackupDocument.class)
final class VssBackupCommand extends RepositoryOptions {
    @Option(
            names = "--machine",
            required = true,
            paramLabel = "NAME",
            description = "Machine whose disks these are. Its snapshots form one history.")
    private String machine;

    @Option(
            names = "--vm",
            required = true,
            paramLabel = "GUID",
            description = "The machine's id in Hyper-V, as 'varve vss list' shows it.")
    private UUID vm;

    @Option(
            names = "--allow-saved-state",
            description = "Accept that the machine is interrupted while its state is saved, where the guest"
                    + " cannot freeze its own volumes. Otherwise such a machine is refused.")
    private boolean allowSavedState;

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

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        MachineBackup.checkName(machine);
        VssSource source = VssWiring.source(vm, allowSavedState, output, cancellation);
        MachineBackup.Work work = new MachineBackup.Work(machine, source, choices.options(-1, true), Optional.empty());
        new MachineBackup(repository, choices.patience(), cancellation).run(work, output);
    }
}
