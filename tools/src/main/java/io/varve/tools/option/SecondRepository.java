package io.varve.tools.option;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import java.io.IOException;

/** A second repository of a command: the target of a copy, or an export. */
public final class SecondRepository {
    private SecondRepository() {}

    /**
     * Unlocks the second repository if it is encrypted: with its own key, or because it shares the keys of
     * {@code first}.
     *
     * @param name of the second repository in messages
     * @throws LockedRepositoryException if there is no key, or there is a key and the repository claims to be plain
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
