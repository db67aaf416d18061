package io.varve.tools.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The source of the key of an encrypted export. */
public final class ImportKeyOptions extends GivenKey {
    @Option(
            names = "--from-key-file",
            paramLabel = "FILE",
            description = "Key file that opens the export. Not needed if this repository has the same keys."
                    + " Default: VARVE_FROM_KEY_FILE.")
    private Path keyFile;

    @Option(
            names = "--from-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the passphrase of the export. Default: VARVE_FROM_PASSWORD_FILE.")
    private Path passwordFile;

    @Option(
            names = "--from-password-command",
            paramLabel = "COMMAND",
            description = "Command that prints the passphrase of the export. Default:"
                    + " VARVE_FROM_PASSWORD_COMMAND. Without a key, Varve prompts.")
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
        return "VARVE_FROM_";
    }
}
