package io.varve.store.snapshot;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** This computer's memory of a repository cannot be read; nothing is wrong with the repository. */
public final class UnreadableMemoryException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableMemoryException(Path file, IOException why) {
        super(
                file + ": cannot be read (" + reason(why) + "), so a roll-back cannot be detected;"
                        + " VARVE_CACHE should be a directory of your own",
                why);
    }

    private static String reason(IOException why) {
        boolean known = why instanceof FileSystemException failure && failure.getReason() != null;
        return known ? ((FileSystemException) why).getReason() : why.getClass().getSimpleName();
    }
}
