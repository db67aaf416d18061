package io.varve.tools.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the key of the repository that is copied into comes from. */
public final class TargetKeyOptions extends GivenKey {
    @Option(
            names = "--to-key-file",
            paramLabel = "FILE",
            description = "Key file that opens the other repository. Not needed if it shares the keys of this one.")
    private Path keyFile;

    @Option(
            names = "--to-password-file",
            paramLabel = "FILE",
            description = "File whose first line is its passphrase; VARVE_TO_PASSWORD_FILE if not given.")
    private Path passwordFile;

    @Option(
            names = "--to-password-command",
            paramLabel = "COMMAND",
            description = "Command that prints its passphrase; VARVE_TO_PASSWORD_COMMAND if not given. If there is"
                    + " none, the passphrase is asked for.")
    private String passwordCommand;

    @Override
    Path keyFile() {
        return keyFile;
    }

    @Override
    Path passwordFile() {
        return Environment.path(passwordFile, "VARVE_TO_PASSWORD_FILE");
    }

    @Override
    String passwordCommand() {
        return Environment.text(passwordCommand, "VARVE_TO_PASSWORD_COMMAND");
    }
}
