package io.varve.tools.option;

import io.varve.adapters.windows.GivenPath;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.Reason;
import io.varve.tools.configuration.NamedRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The source of a repository's key. The first place that names any key is used, and only that one: the options of the
 * command; the configuration file, if it names the repository; the environment. If one place names several, the order
 * is: key file, file with the passphrase, command that prints it, the passphrase itself.
 */
abstract class GivenKey {
    private NamedRepository named; // null if the repository has no name in a configuration file

    /** Returns the option for a key file, or null. */
    abstract Path keyFile();

    /** Returns the option for a file whose first line is the passphrase, or null. */
    abstract Path passwordFile();

    /** Returns the option for a command that prints the passphrase, or null. */
    abstract String passwordCommand();

    /** Returns the prefix of the environment variables, such as {@code VARVE_}. */
    abstract String variables();

    /** Uses the key that the configuration file names for this repository, unless the options name one. */
    public final void of(RepositoryChoice choice) {
        named = choice.named().orElse(null);
    }

    /** The sources in one place. */
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

    static Path path(GivenPath given) {
        return given == null ? null : given.path();
    }

    private Sources sources() {
        Sources options = new Sources(keyFile(), passwordFile(), passwordCommand(), null, "the options");
        if (options.isThere()) {
            return options;
        }
        if (named != null && named.hasKey()) {
            return new Sources(
                    path(named.keyFile()),
                    path(named.passwordFile()),
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

    /** Whether a key is given, so that the operator need not be asked. */
    final boolean isThere() {
        return sources().isThere();
    }

    /** Returns the place that names the key, in words. */
    final String place() {
        Sources sources = sources();
        return sources.isThere() ? sources.place : "nowhere";
    }

    /**
     * Returns the key that was given, without prompting. The caller closes it.
     *
     * @throws LockedRepositoryException if it cannot be read
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
     * Returns the key that was given, or prompts for one.
     *
     * @param what the passphrase is for
     * @throws LockedRepositoryException if there is no terminal to prompt on
     */
    public final Credential require(String what) throws IOException {
        Optional<Credential> given = given();
        return given.isPresent() ? given.get() : Passphrases.ask("passphrase of " + what);
    }

    /** As {@link #require}, for a new passphrase. Prompts twice. */
    public final Credential requireNew() throws IOException {
        Optional<Credential> given = given();
        return given.isPresent() ? given.get() : Passphrases.askNew();
    }
}
