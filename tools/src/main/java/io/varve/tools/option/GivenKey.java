package io.varve.tools.option;

import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.Reason;
import io.varve.tools.configuration.NamedRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a repository's key is. The first of these that says anything counts, as a whole: the options of the command;
 * the configuration file, for a repository that it names; the environment. Where several keys are named in one place, a
 * key file comes before a file with the passphrase, then a command that prints it, then the passphrase itself.
 */
abstract class GivenKey {
    private NamedRepository named; // null if the repository has no name

    /** Option for a key file, or null. */
    abstract Path keyFile();

    /** Option for a file whose first line is the passphrase, or null. */
    abstract Path passwordFile();

    /** Option for a command that prints the passphrase, or null. */
    abstract String passwordCommand();

    /** What the environment variables begin with: {@code VARVE_}. */
    abstract String variables();

    /** Takes the key that a configuration file names for this repository, unless options name one. */
    public final void of(RepositoryChoice choice) {
        named = choice.named().orElse(null);
    }

    /** The sources of one place. */
    private record Sources(
            Path keyFile, Path passwordFile, String passwordCommand, String passwordVariable, String place) {
        boolean isThere() {
            return keyFile != null
                    || isSet(passwordFile)
                    || isSet(passwordCommand)
                    || passwordVariable != null && Environment.text(null, passwordVariable) != null;
        }

        private static boolean isSet(Object value) {
            return value != null && !value.toString().isEmpty();
        }

        Optional<Credential> read() throws IOException {
            if (keyFile != null) {
                return Optional.of(Credential.keyFile(keyFile));
            }
            if (isSet(passwordFile)) {
                return Optional.of(Passphrases.fromFile(passwordFile));
            }
            if (isSet(passwordCommand)) {
                return Optional.of(Passphrases.fromCommand(passwordCommand));
            }
            return isThere() ? Optional.of(Passphrases.fromVariable(passwordVariable)) : Optional.empty();
        }
    }

    private Sources sources() {
        Sources options = new Sources(keyFile(), passwordFile(), passwordCommand(), null, "the options");
        if (options.isThere()) {
            return options;
        }
        if (named != null && named.hasKey()) {
            return new Sources(
                    named.keyFile(),
                    named.passwordFile(),
                    named.passwordCommand(),
                    null,
                    "@" + named.name() + " in " + named.source());
        }
        String prefix = variables();
        return new Sources(
                Environment.path(null, prefix + "KEY_FILE"),
                Environment.path(null, prefix + "PASSWORD_FILE"),
                Environment.text(null, prefix + "PASSWORD_COMMAND"),
                prefix + "PASSWORD",
                "the environment (" + prefix + "…)");
    }

    /** Whether a key is given that need not be asked for. */
    final boolean isThere() {
        return sources().isThere();
    }

    /** Who says where the key is, for the operator. */
    final String place() {
        Sources sources = sources();
        return sources.isThere() ? sources.place : "nowhere";
    }

    /**
     * What was given, without asking. The caller closes it.
     *
     * @throws LockedRepositoryException when it cannot be obtained from there
     */
    final Optional<Credential> given() throws IOException {
        try {
            return sources().read();
        } catch (LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new LockedRepositoryException(Reason.of(e));
        }
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
