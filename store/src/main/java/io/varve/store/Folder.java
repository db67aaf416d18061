package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.Modes;
import io.varve.store.backend.PlainFile;
import io.varve.store.coordination.Coordination;
import io.varve.store.coordination.LockCoordination;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.home.LocalHome;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/** A directory as the location of a repository, local or on a network share. */
public final class Folder implements Location {
    private static final String SESSIONS = "sessions";

    private final Path root;
    private final Backend backend;
    private final Coordination coordination;

    public Folder(Path root) {
        this(root, new LocalBackend(root));
    }

    /** @param backend of the objects in the folder; a caller may wrap it */
    public Folder(Path root, Backend backend) {
        this.root = root;
        this.backend = backend;
        this.coordination = new LockCoordination(root.resolve(SESSIONS));
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Coordination coordination() {
        return coordination;
    }

    @Override
    public LocalHome home(UUID repositoryId) {
        return LocalHome.besideObjects(
                repositoryId, root.resolve("index"), root.resolve(SESSIONS).resolve(LocalHome.LOCK_NAME));
    }

    @Override
    public void prepare() throws IOException {
        prepareEmpty();
        for (String directory : new String[] {"packs", "snapshots", SESSIONS}) {
            Modes.createDirectories(root.resolve(directory));
        }
    }

    private void prepareEmpty() throws IOException {
        BasicFileAttributes found = PlainFile.whatHas(root, new LinkOption[0]);
        if (found != null && !found.isDirectory()) {
            throw new NotARepositoryException(root + ": expected a directory, found a file; give a new directory");
        }
        Modes.createOwnDirectory(root);
        // A file system of its own has lost+found from the beginning.
        if (PlainFile.in(root).stream().anyMatch(entry -> !entry.endsWith("lost+found"))) {
            boolean repository = PlainFile.whatHas(root.resolve(RepositoryConfig.OBJECT)) != null;
            throw new NotARepositoryException(root + ": expected an empty directory, found "
                    + (repository ? "a repository; nothing was changed" : "other files; give a new directory"));
        }
    }

    /**
     * Shares the directory, and everything created in it later, with its group. Called before a repository is created
     * there.
     *
     * @throws NotARepositoryException when it is not empty
     * @throws IOException when it cannot be shared
     */
    public void share() throws IOException {
        prepareEmpty();
        Modes.share(root);
    }

    @Override
    public void checkThere() throws IOException {
        BasicFileAttributes found = PlainFile.whatHas(root, new LinkOption[0]);
        if (found == null || !found.isDirectory()) {
            throw new NotARepositoryException(root + ": expected a repository, found "
                    + (found == null ? "nothing" : "a file") + "; check the path, or create one with 'varve init'");
        }
    }
}
