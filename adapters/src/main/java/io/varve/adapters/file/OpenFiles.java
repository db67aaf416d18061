package io.varve.adapters.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds programs that have a file or device open for writing, from {@code /proc}. Root sees all of them, other users
 * only their own.
 */
final class OpenFiles {
    /** Most programs to name. */
    private static final int MOST = 5;

    private final Path proc;

    /** @param proc where {@code /proc} is mounted */
    OpenFiles(Path proc) {
        this.proc = proc;
    }

    /** Returns the programs that have the regular file {@code file} open for writing, in words. */
    List<String> writersOf(Path file) {
        try {
            Path real = file.toRealPath();
            Object key = Files.readAttributes(real, "unix:fileKey").get("fileKey");
            String name = real.getFileName().toString();
            // Compared by name first: reading the attributes of every open file could block on a dead server.
            return writers(
                    target -> target.endsWith("/" + name),
                    properties -> properties.get("fileKey").equals(key));
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    /**
     * Returns the programs that have one of the block devices with these numbers ({@code 8:1}) open for writing, in
     * words.
     */
    List<String> writersOf(List<String> devices) {
        return writers(
                target -> target.startsWith("/dev/"),
                properties -> isBlockDevice(properties)
                        && devices.contains(BlockDevice.number((Long) properties.get("rdev"))));
    }

    private static boolean isBlockDevice(Map<String, Object> properties) {
        return ((Integer) properties.get("mode") & 0xF000) == 0x6000;
    }

    private List<String> writers(Predicate<String> target, Predicate<Map<String, Object>> properties) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (found.size() < MOST && hasOpen(process, target, properties)) {
                    found.add("open for writing by " + name(process));
                }
            }
        } catch (IOException | RuntimeException e) {
            // Not Linux, or {@code /proc} is not accessible.
        }
        return found;
    }

    private static boolean hasOpen(Path process, Predicate<String> target, Predicate<Map<String, Object>> properties) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isIt(descriptor, target, properties) && isForWriting(process, descriptor)) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // The process ended meanwhile, or belongs to another user.
        }
        return false;
    }

    private static boolean isIt(Path descriptor, Predicate<String> target, Predicate<Map<String, Object>> properties) {
        try {
            return target.test(Files.readSymbolicLink(descriptor).toString())
                    && properties.test(Files.readAttributes(descriptor, "unix:fileKey,rdev,mode"));
        } catch (IOException | RuntimeException e) {
            return false; // closed meanwhile
        }
    }

    /** Reads the flags of {@code open}, in octal; the last two bits are the access mode. */
    private static boolean isForWriting(Path process, Path descriptor) throws IOException {
        for (String line : Files.readAllLines(process.resolve("fdinfo").resolve(descriptor.getFileName()))) {
            if (line.startsWith("flags:")) {
                return (Long.parseLong(line.substring(6).strip(), 8) & 3) != 0;
            }
        }
        return false;
    }

    private static String name(Path process) {
        String name;
        try {
            name = Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            name = "a program";
        }
        return name + " (process " + process.getFileName() + ")";
    }
}
