package io.varve.tools.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "vss",
        mixinStandardHelpOptions = true,
        description = {
            "Back up Hyper-V machines from shadow copies of the host's volumes.",
            "",
            "Works on every Windows Server with Hyper-V, on the host itself, elevated. There is no change list: each"
                    + " disk is read in full, and only changed blocks are stored."
        },
        subcommands = {VssListCommand.class, VssBackupCommand.class, CommandLine.HelpCommand.class})
public final class VssCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "list or backup?");
    }
}
