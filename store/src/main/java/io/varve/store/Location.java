package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.coordination.Coordination;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.home.LocalHome;
import java.io.IOException;
import java.util.UUID;

/**
 * Where a repository is, or is to be made: its objects, those at work in it, and what this computer keeps for it. Kinds
 * of locations differ in nothing else.
 */
public interface Location {
    /** The objects. One and the same at each call; whoever opens the repository closes it. */
    Backend backend();

    /** One and the same at each call. */
    Coordination coordination();

    /** This computer's home for the repository of that id. */
    LocalHome home(UUID repositoryId);

    /**
     * Makes room for a new repository.
     *
     * @throws NotARepositoryException when something is there already
     */
    void prepare() throws IOException;

    /**
     * Asked before a repository is opened here.
     *
     * @throws NotARepositoryException when there can be none
     */
    default void checkThere() throws IOException {}
}
