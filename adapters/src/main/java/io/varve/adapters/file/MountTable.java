package io.varve.adapters.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Mounts and swap areas, as this process sees them: {@code /proc/self/mountinfo} and {@code /proc/swaps}. */
final class MountTable {
    private final Path proc;

    /** @param proc where {@code /proc} is mounted */
    MountTable(Path proc) {
        this.proc = proc;
    }

    /**
     * @param device device number, {@code 8:1}; btrfs and others use numbers of no real device
     * @param source what was mounted, usually the path of a device
     * @param writable whether the file system may write to its device, even if this mount is read-only
     */
    record Mount(String device, String source, String point, boolean writable) {
        String words() {
            return "mounted at " + point + (writable ? "" : " (read-only)");
        }
    }

    /** Returns the mounts; empty if there is no such table. */
    List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines("self/mountinfo")) {
            parse(line).ifPresent(mounts::add);
        }
        return mounts;
    }

    /** {@code id parent 8:1 root point options [fields …] - type source options-of-the-file-system}. */
    private static Optional<Mount> parse(String line) {
        String[] words = line.split(" ");
        int dash = List.of(words).indexOf("-");
        if (dash < 6 || words.length < dash + 4) {
            return Optional.empty();
        }
        boolean writable = List.of(words[dash + 3].split(",")).contains("rw");
        return Optional.of(new Mount(words[2], unescaped(words[dash + 2]), unescaped(words[4]), writable));
    }

    /** Returns files and devices that Linux swaps to. */
    List<Path> swaps() {
        List<Path> swaps = new ArrayList<>();
        for (String line : lines("swaps")) {
            if (line.startsWith("/")) {
                swaps.add(Path.of(unescaped(line.split("\\s")[0])));
            }
        }
        return swaps;
    }

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(proc.resolve(name));
        } catch (IOException e) {
            return List.of(); // not Linux, or names in another encoding; O_EXCL still detects a mounted device
        }
    }

    /** Decodes blanks and backslashes, which are written as three octal digits. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && text.substring(i).matches("(?s)\\\\[0-7]{3}.*")) {
                plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
