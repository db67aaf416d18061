package io.varve.tools.option;

import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a command was told of where a repository's key is. */
abstract class GivenKey {
    /** A key file, or null. Comes before the others. */
    abstract Path keyFile();

    /** A file whose first line is the passphrase; null or empty if there is none. */
    abstract Path passwordFile();

    /** A command that prints the passphrase; null or empty if there is none. */
    abstract String passwordCommand();

    /** Whether a key is given that need not be asked for. */
    final boolean isThere() {
        return keyFile() != null || isSet(passwordFile()) || isSet(passwordCommand());
    }

    private static boolean isSet(Object value) {
        return value != null && !value.toString().isEmpty();
    }

    /**
     * What was given, without asking. The caller closes it.
     *
     * @throws LockedRepositoryException when it cannot be obtained from there
     */
    final Optional<Credential> given() throws IOException {
        try {
            return read();
        } catch (LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new LockedRepositoryException(Reason.of(e));
        }
    }

    private Optional<Credential> read() throws IOException {
        if (keyFile() != null) {
            return Optional.of(Credential.keyFile(keyFile()));
        }
        if (isSet(passwordFile())) {
            return Optional.of(Passphrases.fromFile(passwordFile()));
        }
        return isSet(passwordCommand()) ? Optional.of(Passphrases.fromCommand(passwordCommand())) : Optional.empty();
    }

    /**
     * What was given, or else the operator is asked.
     *
     * @param what it is the passphrase of
     * @throws LockedRepositoryException when there is no terminal to prompt on
     */
    public final Credential require(String what) throws IOException {
        Optional<Credential> given = given();
        return given.isPresent() ? given.get() : Passphrases.ask("passphrase of " + what);
    }

    /** As {@link #require} for a passphrase that is to be set, which is asked for twice. */
    public final Credential requireNew() throws IOException {
        Optional<Credential> given = given();
        return given.isPresent() ? given.get() : Passphrases.askNew();
    }
}
