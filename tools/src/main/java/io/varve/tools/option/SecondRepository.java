package io.varve.tools.option;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import java.io.IOException;

/** A second repository beside the one that a command works on: a copy's target, an export. */
public final class SecondRepository {
    private SecondRepository() {}

    /**
     * Unlocks it, if it is encrypted: with the key that is given for it, or because it shares those of {@code first}.
     *
     * @param name what to call it
     * @throws LockedRepositoryException when there is no key, or one for a repository that claims to be plain
     */
    public static void unlock(Repository second, String name, GivenKey key, Repository first) throws IOException {
        if (!second.config().encrypted()) {
            if (key.isThere()) {
                throw new LockedRepositoryException("a key was given for " + name + ", but its "
                        + RepositoryConfig.OBJECT
                        + " says that it is not encrypted: the file was tampered with, or this is"
                        + " another repository; nothing was stored. If it is meant to be plain, give no key for it");
            }
            return;
        }
        if (key.isThere() || !second.unlock(first)) {
            try (Credential credential = key.require(name)) {
                second.unlock(credential);
            }
        }
    }
}
