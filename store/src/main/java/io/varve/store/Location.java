package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.coordination.Coordination;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.home.LocalHome;
import java.io.IOException;
import java.util.UUID;

/**
 * Where a repository is or will be created: its objects, its coordination, and this computer's home for it. Kinds of
 * locations differ only in these three.
 */
public interface Location {
    /** The objects. Every call returns the same instance; the one who opens the repository closes it. */
    Backend backend();

    /** Every call returns the same instance. */
    Coordination coordination();

    /** This computer's home for the repository with that id. */
    LocalHome home(UUID repositoryId);

    /**
     * Prepares the location for a new repository.
     *
     * @throws NotARepositoryException when the location is not empty
     */
    void prepare() throws IOException;

    /**
     * Called before a repository is opened here.
     *
     * @throws NotARepositoryException when there cannot be a repository here
     */
    default void checkThere() throws IOException {}
}
