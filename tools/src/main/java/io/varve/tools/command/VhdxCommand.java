package io.varve.tools.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "vhdx",
        mixinStandardHelpOptions = true,
        description = "Inspect VHDX files, without changing them.",
        subcommands = {
            VhdxInfoCommand.class,
            VhdxMapCommand.class,
            VhdxCheckCommand.class,
            CommandLine.HelpCommand.class
        })
public final class VhdxCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected info, map or check");
    }
}
