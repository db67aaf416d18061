package io.varve.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "Manage the keys of an encrypted repository. Any one of them opens it.",
            "",
            "If the only key is lost, so is the repository: have two, and a copy of the keys/"
                    + " directory. Removing a key does not re-encrypt: whoever has that key and a copy of"
                    + " the repository can still read the copy."
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
