package io.varve.tools;

import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the key of an encrypted repository comes from; never from the command line itself, which others can see. */
final class KeyOptions {
    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Key file that opens an encrypted repository. Comes before the passphrase.")
    private Path keyFile;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            defaultValue = "${env:VARVE_PASSWORD_FILE}",
            description = "File whose first line is the passphrase; VARVE_PASSWORD_FILE if not given.")
    private Path passwordFile;

    @Option(
            names = "--password-command",
            paramLabel = "COMMAND",
            defaultValue = "${env:VARVE_PASSWORD_COMMAND}",
            description = "Command that prints the passphrase; VARVE_PASSWORD_COMMAND if not given. If there is none,"
                    + " the passphrase is asked for.")
    private String passwordCommand;

    /** Whether a key is given that need not be asked for. */
    boolean areGiven() {
        return keyFile != null || isSet(passwordFile) || isSet(passwordCommand);
    }

    private static boolean isSet(Object value) {
        return value != null && !value.toString().isEmpty();
    }

    /**
     * What was given, without asking. The caller closes it.
     *
     * @throws LockedRepositoryException when it is not to be had from there
     */
    Optional<Credential> given() throws IOException {
        try {
            return read();
        } catch (LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new LockedRepositoryException(CommonOptions.message(e));
        }
    }

    private Optional<Credential> read() throws IOException {
        if (keyFile != null) {
            return Optional.of(Credential.keyFile(keyFile));
        }
        if (isSet(passwordFile)) {
            return Optional.of(Passphrases.fromFile(passwordFile));
        }
        return isSet(passwordCommand) ? Optional.of(Passphrases.fromCommand(passwordCommand)) : Optional.empty();
    }

    /**
     * What was given, or else the operator is asked.
     *
     * @throws LockedRepositoryException when there is nobody to ask
     */
    Credential require() throws IOException {
        Optional<Credential> given = given();
        return given.isPresent() ? given.get() : Passphrases.ask("passphrase of the repository");
    }

    /** As {@link #require} for a passphrase that is to be set, which is asked for twice. */
    Credential requireNew() throws IOException {
        Optional<Credential> given = given();
        return given.isPresent() ? given.get() : Passphrases.askNew();
    }
}
