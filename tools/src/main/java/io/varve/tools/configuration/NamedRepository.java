package io.varve.tools.configuration;

import io.varve.adapters.windows.GivenPath;
import java.nio.file.Path;

/**
 * A repository of a configuration file.
 *
 * @param keyFile null if the file names none, as the next two
 * @param source file that names it
 */
public record NamedRepository(
        String name,
        RepositoryPlace place,
        GivenPath keyFile,
        GivenPath passwordFile,
        String passwordCommand,
        Path source) {
    /** Whether the file says where its key is. */
    public boolean hasKey() {
        return keyFile != null || passwordFile != null || passwordCommand != null;
    }
}
