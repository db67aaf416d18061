package io.varve.tools.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The source of the key of an encrypted repository. Never the command line itself, which other users can see. */
public final class KeyOptions extends GivenKey {
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Key file that opens an encrypted repository. Takes precedence over a passphrase."
                    + " Default: VARVE_KEY_FILE.")
    private Path keyFile;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the passphrase. Default: VARVE_PASSWORD_FILE.")
    private Path passwordFile;

    @Option(
            names = "--password-command",
            paramLabel = "COMMAND",
            description = "Command that prints the passphrase. Default: VARVE_PASSWORD_COMMAND. Without a"
                    + " key, Varve prompts.")
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
        return "VARVE_";
    }
}
