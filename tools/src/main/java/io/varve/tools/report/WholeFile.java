package io.varve.tools.report;

import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that others read while it is written again and again: whole, or the one before. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes a temporary file beside it, readable by all that may read its folder, and renames that.
     *
     * @throws TargetException when it cannot be written; the file before is untouched
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
