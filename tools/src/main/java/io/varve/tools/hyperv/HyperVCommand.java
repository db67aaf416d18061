package io.varve.tools.hyperv;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "hyperv",
        mixinStandardHelpOptions = true,
        description = {
            "Back up virtual machines of a Hyper-V host by checkpoints and change tracking.",
            "",
            "For Windows Server 2016 and later, from the host itself or from any computer that reaches its WinRM over"
                    + " HTTPS and has the folder with its disks mounted."
        },
        subcommands = {
            HyperVListCommand.class,
            HyperVBackupCommand.class,
            HyperVCleanCommand.class,
            HyperVRestoreCommand.class,
            HyperVRollbackCommand.class,
            CommandLine.HelpCommand.class
        })
public final class HyperVCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list, backup, clean, restore or rollback?");
    }
}
