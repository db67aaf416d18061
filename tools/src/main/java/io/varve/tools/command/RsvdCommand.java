package io.varve.tools.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "rsvd",
        mixinStandardHelpOptions = true,
        description = "Ask a Scale-Out File Server about a shared virtual disk (a VHD set) over the network.",
        subcommands = {
            RsvdInfoCommand.class,
            RsvdSnapshotsCommand.class,
            RsvdChangesCommand.class,
            RsvdDeleteCommand.class,
            CommandLine.HelpCommand.class
        })
public final class RsvdCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "info, snapshots, changes or delete-snapshot?");
    }
}
