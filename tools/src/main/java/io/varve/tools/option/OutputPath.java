package io.varve.tools.option;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.PlainFile;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.s3.S3Address;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks the paths that a command writes to, before it writes. A problem that can be seen in advance is a wrong
 * argument (exit code 2); a later one is a failure of the target (5).
 */
public final class OutputPath {
    private OutputPath() {}

    /**
     * Checks the path of a new file.
     *
     * @param replace whether an existing file may be replaced
     */
    public static void checkNew(Path file, boolean replace) throws IOException {
        if (NamedFile.exists(file)) {
            if (NamedFile.isDirectory(file)) {
                throw new UsageException(file + ": expected the name of a file to write, found a directory");
            }
            if (!replace) {
                throw new UsageException(file + " exists: choose another name, or --force to replace it");
            }
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !NamedFile.isDirectory(directory)) {
            throw new UsageException(directory + ": no such directory");
        }
    }

    /**
     * Refuses a path in this repository or in another one, also through links: only Varve's own objects belong there.
     */
    public static void checkOutside(Path path, String what, Path repository) throws IOException {
        checkOutside(path, what);
        Path real = real(path);
        for (Path linked : linkedDirectories(repository)) {
            if (real.startsWith(linked)) {
                throw inside(path, what, repository);
            }
        }
    }

    /** As above, for a repository that is open. */
    public static void checkOutside(Path path, String what, Repository repository) throws IOException {
        if (S3Address.isOne(repository.location())) {
            checkOutside(path, what);
        } else {
            checkOutside(path, what, Path.of(repository.location()));
        }
    }

    /** As above, if no repository was named. A repository's top-level directories that are links are not recognised. */
    public static void checkOutside(Path path, String what) throws IOException {
        Optional<Path> repository = repositoryAbove(path);
        if (repository.isPresent()) {
            throw inside(path, what, repository.get());
        }
    }

    /** Checks the cache directory. */
    public static void checkCache() throws IOException {
        checkOutside(CacheDirectory.path(), "the cache directory (VARVE_CACHE)");
    }

    private static UsageException inside(Path path, String what, Path repository) {
        return new UsageException(
                path + ": " + what + " lies in the repository " + repository + "; give a place outside it");
    }

    /** Returns the repository that a file is in, or would be in. */
    public static Optional<Path> repositoryAbove(Path path) throws IOException {
        for (Path above = real(path); above != null; above = above.getParent()) {
            if (Files.exists(above.resolve(RepositoryConfig.OBJECT))) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    /** Resolves links in the part of the path that exists. */
    private static Path real(Path path) throws IOException {
        Path whole = path.toAbsolutePath().normalize();
        Path there = whole;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there == null ? whole : there.toRealPath().resolve(there.relativize(whole));
    }

    private static List<Path> linkedDirectories(Path repository) throws IOException {
        List<Path> linked = new ArrayList<>();
        if (!Files.isDirectory(repository)) {
            return linked; // the repository is not in a folder
        }
        for (Path entry : PlainFile.in(repository)) {
            if (Files.isSymbolicLink(entry) && Files.isDirectory(entry)) {
                linked.add(entry.toRealPath());
            }
        }
        return linked;
    }
}
