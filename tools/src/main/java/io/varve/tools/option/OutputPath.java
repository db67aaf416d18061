package io.varve.tools.option;

import io.varve.store.RepositoryConfig;
import io.varve.store.backend.PlainFile;
import io.varve.store.cache.CacheDirectory;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks of the operator's paths before anything is written to them. What can be seen to be wrong by looking is a wrong
 * argument; what fails later is the target's failure.
 */
public final class OutputPath {
    private OutputPath() {}

    /**
     * Checks the name of a new file.
     *
     * @param replace whether a file of this name may be replaced
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

    /** Nothing but Varve's own objects belongs into a repository, this one or another. Links are followed. */
    public static void checkOutside(Path path, String what, Path repository) throws IOException {
        checkOutside(path, what);
        Path real = real(path);
        for (Path linked : linkedDirectories(repository)) {
            if (real.startsWith(linked)) {
                throw inside(path, what, repository);
            }
        }
    }

    /** As above, where no repository was named; its directories that are links elsewhere are not recognised. */
    public static void checkOutside(Path path, String what) throws IOException {
        Optional<Path> repository = repositoryAbove(path);
        if (repository.isPresent()) {
            throw inside(path, what, repository.get());
        }
    }

    /** Checks where this computer keeps indexes and what it has seen. */
    public static void checkCache() throws IOException {
        checkOutside(CacheDirectory.path(), "the cache directory (VARVE_CACHE)");
    }

    private static UsageException inside(Path path, String what, Path repository) {
        return new UsageException(
                path + ": " + what + " lies in the repository " + repository + "; give a place outside it");
    }

    /** The repository that a file lies in, or would lie in. */
    public static Optional<Path> repositoryAbove(Path path) throws IOException {
        for (Path above = real(path); above != null; above = above.getParent()) {
            if (Files.exists(above.resolve(RepositoryConfig.OBJECT))) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    /** Without links, as far as it exists. */
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
            return linked; // the repository is not a folder
        }
        for (Path entry : PlainFile.in(repository)) {
            if (Files.isSymbolicLink(entry) && Files.isDirectory(entry)) {
                linked.add(entry.toRealPath());
            }
        }
        return linked;
    }
}
