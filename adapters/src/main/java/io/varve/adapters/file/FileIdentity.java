package io.varve.adapters.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Which file or device a path leads to: two paths with equal identities name the same bytes. */
public final class FileIdentity {
    private FileIdentity() {}

    /**
     * To be compared with {@code equals} only; through links. A loop device is the file that it shows from its start.
     */
    public static Object of(Path path) throws IOException {
        return of(Path.of("/sys"), path);
    }

    static Object of(Path sys, Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        if (found.isOther()) {
            Optional<Path> folder = BlockDevice.sysfs(sys, path);
            Optional<Path> backing = folder.flatMap(FileIdentity::backingFile);
            if (backing.isPresent()) {
                return of(sys, backing.get());
            }
            if (folder.isPresent()) {
                return folder.get();
            }
        }
        return found.fileKey() == null ? RealPath.of(path) : found.fileKey();
    }

    private static Optional<Path> backingFile(Path device) {
        try {
            Path loop = device.resolve("loop");
            boolean isWhole = Files.readString(loop.resolve("offset")).strip().equals("0");
            Path file = Path.of(Files.readString(loop.resolve("backing_file")).strip());
            return isWhole && Files.exists(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no loop device
        }
    }
}
