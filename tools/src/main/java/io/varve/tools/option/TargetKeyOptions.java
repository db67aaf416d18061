package io.varve.tools.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The source of the key of the target of a copy. */
public final class TargetKeyOptions extends GivenKey {
    @Option(
            names = "--to-key-file",
            paramLabel = "FILE",
            description = "Key file that opens the target. Not needed if it shares the keys of this repository."
                    + " Default: VARVE_TO_KEY_FILE.")
    private Path keyFile;

    @Option(
            names = "--to-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the passphrase of the target. Default: VARVE_TO_PASSWORD_FILE.")
    private Path passwordFile;

    @Option(
            names = "--to-password-command",
            paramLabel = "COMMAND",
            description = "Command that prints the passphrase of the target. Default:"
                    + " VARVE_TO_PASSWORD_COMMAND. Without one, Varve prompts.")
    private String passwordCommand;

    @Override
    Path keyFile() {
        return keyFile;
    }

    @Override
    Path passwordFile() {
        return passwordFile;
    }

    @Override
    String passwordCommand() {
        return passwordCommand;
    }

    @Override
    String variables() {
        return "VARVE_TO_";
    }
}
