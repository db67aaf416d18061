package io.varve.tools.option;

import io.varve.store.crypt.Credential;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The key to add. */
public final class NewKeyOptions {
    private static final int LONGEST_LABEL = 200;

    @Option(
            names = "--new-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the new passphrase. Without it, Varve prompts twice.")
    private Path passwordFile;

    @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "Label shown by 'varve key list'.")
    private String label;

    public String label() throws UsageException {
        return checkedLabel(label);
    }

    /** Checks the length of a label: key objects have a largest size, and a longer label would make one unreadable. */
    public static String checkedLabel(String label) throws UsageException {
        if (label.length() > LONGEST_LABEL) {
            throw new UsageException(
                    "--label has " + label.length() + " characters: expected at most " + LONGEST_LABEL);
        }
        if (label.codePoints().anyMatch(NameRule::isInvisible)) {
            throw new UsageException("--label '" + Printable.name(label) + "' contains invisible characters");
        }
        return label;
    }

    public boolean arePassphrase() {
        return passwordFile != null;
    }

    /** Returns the new passphrase. The caller closes it. */
    public Credential passphrase() throws IOException {
        return passwordFile == null ? Passphrases.askNew() : Passphrases.fromFile(passwordFile);
    }
}
