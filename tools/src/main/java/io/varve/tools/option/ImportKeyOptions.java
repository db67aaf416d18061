package io.varve.tools.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the key of an encrypted export comes from. */
public final class ImportKeyOptions extends GivenKey {
    @Option(
            names = "--from-key-file",
            paramLabel = "FILE",
            description = "Key file that opens the export. Not needed if this repository has the same keys.")
    private Path keyFile;

    @Option(
            names = "--from-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the passphrase of the export.")
    private Path passwordFile;

    @Option(
            names = "--from-password-command",
            paramLabel = "COMMAND",
            description = "Command that prints the passphrase of the export. Without it, Varve prompts.")
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
}
