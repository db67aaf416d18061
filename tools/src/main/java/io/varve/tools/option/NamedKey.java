package io.varve.tools.option;

import io.varve.adapters.windows.GivenPath;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.nio.file.Path;

/** A key named by a job file, or else by the environment. Never prompts: a nightly job has no operator. */
public final class NamedKey extends GivenKey {
    private final GivenPath keyFile;
    private final GivenPath passwordFile;
    private final String passwordCommand;
    private final boolean target;

    /**
     * Any argument may be null.
     *
     * @param target whether the key is for the target of a copy, which has its own environment variables
     */
    public NamedKey(GivenPath keyFile, GivenPath passwordFile, String passwordCommand, boolean target) {
        this.keyFile = keyFile;
        this.passwordFile = passwordFile;
        this.passwordCommand = passwordCommand;
        this.target = target;
    }

    private boolean isNamed() {
        return keyFile != null || passwordFile != null || passwordCommand != null;
    }

    @Override
    Path keyFile() {
        return path(keyFile);
    }

    @Override
    Path passwordFile() {
        return path(passwordFile);
    }

    @Override
    String passwordCommand() {
        return passwordCommand;
    }

    @Override
    String variables() {
        return target ? "VARVE_TO_" : "VARVE_";
    }

    /**
     * Unlocks an encrypted repository. Refuses a key for a repository that claims to be plain.
     *
     * @throws LockedRepositoryException if there is no key, or a wrong one
     */
    public void unlock(Repository repository, Output output) throws IOException {
        if (!repository.config().encrypted()) {
            if (isNamed()) {
                throw new LockedRepositoryException("a key was given, but " + RepositoryConfig.OBJECT
                        + " says that the repository is not encrypted: the file was tampered with, or"
                        + " this is another repository; nothing was stored. If it is meant to be plain, name no key");
            }
            return;
        }
        try (Credential credential = given().orElseThrow(() -> new LockedRepositoryException(
                "the repository is encrypted and no key is named: add key-file, password-file or"
                        + " password-command to the job file, or set VARVE_PASSWORD_FILE"))) {
            repository.unlock(credential, output::notice);
        }
        RepositoryOptions.warnIfRolledBack(repository, output);
    }
}
