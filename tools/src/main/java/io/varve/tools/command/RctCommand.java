package io.varve.tools.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "rct",
        mixinStandardHelpOptions = true,
        description = "Ask Windows about the change tracking of a virtual disk, on the Hyper-V host itself.",
        subcommands = {
            RctStatusCommand.class,
            RctQueryCommand.class,
            RctEnableCommand.class,
            RctDisableCommand.class,
            RctIdCommand.class,
            CommandLine.HelpCommand.class
        })
public final class RctCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "status, query, enable, disable or set-id?");
    }
}
