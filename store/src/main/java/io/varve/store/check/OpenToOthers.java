package io.varve.store.check;

import io.varve.store.backend.Modes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Tells of a repository that others can read or write: earlier versions made what the umask allowed. */
final class OpenToOthers {
    private static final int OTHERS = 0007;
    private static final int GROUP_AND_OTHERS = 0077;
    private static final int MAY_ENTER = 0011;

    private OpenToOthers() {}

    /** @param names of what lies at the top */
    static void check(Path root, Set<String> names, Consumer<Finding> findings) throws IOException {
        boolean shared = Modes.isShared(root);
        int others = shared ? OTHERS : GROUP_AND_OTHERS;
        if ((Modes.of(root) & others & MAY_ENTER) == 0) {
            return; // whatever the modes behind it are
        }
        Set<String> open = new TreeSet<>();
        for (String name : names) {
            try {
                if (Files.exists(root.resolve(name)) && (Modes.of(root.resolve(name)) & others) != 0) {
                    open.add(name);
                }
            } catch (NoSuchFileException e) {
                // Gone since.
            }
        }
        if (!open.isEmpty()) {
            findings.accept(new Finding(
                    Finding.Severity.INFO,
                    "readable-by-others",
                    open.iterator().next(),
                    -1,
                    (shared ? "others than the group" : "others than its owner") + " can look into "
                            + String.join(", ", open) + "; if that is not meant: chmod -R "
                            + (shared ? "o-rwx " : "go-rwx ") + root));
        }
    }
}
