package io.varve.store.backend;

import io.varve.store.backend.Backend.Exposure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;

/** Detects a repository that other users can read or write: earlier versions created files with the umask. */
final class OpenToOthers {
    private static final int OTHERS = 0007;
    private static final int GROUP_AND_OTHERS = 0077;
    private static final int MAY_ENTER = 0011;

    private OpenToOthers() {}

    /** @param names of the top-level entries */
    static Optional<Exposure> of(Path root, Collection<String> names) throws IOException {
        boolean shared = Modes.isShared(root);
        int others = shared ? OTHERS : GROUP_AND_OTHERS;
        if ((Modes.of(root) & others & MAY_ENTER) == 0) {
            return Optional.empty(); // whatever the modes behind it are
        }
        TreeSet<String> open = new TreeSet<>();
        for (String name : names) {
            try {
                if (Files.exists(root.resolve(name)) && (Modes.of(root.resolve(name)) & others) != 0) {
                    open.add(name);
                }
            } catch (NoSuchFileException e) {
                // Gone since.
            }
        }
        if (open.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Exposure(
                open.first(),
                (shared ? "others than the group" : "others than its owner") + " can look into "
                        + String.join(", ", open) + "; if that is not intended: chmod -R "
                        + (shared ? "o-rwx " : "go-rwx ") + root));
    }
}
