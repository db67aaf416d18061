package io.varve.tools.report;

import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that is rewritten while others read it: they see either the new content or the old. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes a temporary file in the same folder, readable by everyone who may read the folder, and renames it.
     *
     * @throws TargetException if it cannot be written; the old file is unchanged then
     */
    public static void write(Path file, String text) throws TargetException {
        Path whole = file.toAbsolutePath();
        Path part = whole.resolveSibling("." + whole.getFileName() + ".part");
        try {
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
            if (Files.getFileStore(part).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(part);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw new TargetException("cannot write " + whole + ": " + Reason.of(e), e);
        }
    }
}
