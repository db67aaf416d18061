package io.varve.tools;

import io.varve.store.crypt.Credential;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The key to add. */
final class NewKeyOptions {
    @Option(
            names = "--new-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the new passphrase. Without it, it is asked for twice.")
    private Path passwordFile;

    @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "What 'varve key list' shows.")
    private String label;

    String label() {
        return label;
    }

    boolean arePassphrase() {
        return passwordFile != null;
    }

    /** The new passphrase. The caller closes it. */
    Credential passphrase() throws IOException {
        return passwordFile == null ? Passphrases.askNew() : Passphrases.fromFile(passwordFile);
    }
}
