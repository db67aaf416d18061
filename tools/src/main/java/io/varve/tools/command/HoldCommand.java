package io.varve.tools.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "hold",
        mixinStandardHelpOptions = true,
        description = {
            "List, place and release holds.",
            "",
            "A hold keeps all snapshots of a machine, including forgotten ones. A backup places"
                    + " one when a disk is missing, empty, all zeros or smaller than before, so that"
                    + " retention does not drop the last good snapshots. A hold stays until it is released."
        },
        footer = {"", "  varve hold list", "  varve hold release 5f0c1d2e3b4a5968-1f3a9c2e"},
        subcommands = {HoldListCommand.class, HoldPlaceCommand.class, HoldReleaseCommand.class})
public final class HoldCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which subcommand?");
    }
}
