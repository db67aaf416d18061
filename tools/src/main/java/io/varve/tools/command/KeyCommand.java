package io.varve.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "The keys of an encrypted repository, each of which opens it alone.",
            "",
            "A key lost is a repository lost, if it was the only one: have two, and a copy of the keys/ directory.",
            "Removing a key does not re-encrypt: who had it and a copy of the repository can still read that copy."
        },
        subcommands = {
            KeyListCommand.class,
            KeyAddCommand.class,
            KeyRemoveCommand.class,
            KeyRotateCommand.class,
            KeyCountersignCommand.class
        })
public final class KeyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which subcommand?");
    }
}
