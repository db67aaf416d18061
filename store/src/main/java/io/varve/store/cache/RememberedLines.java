package io.varve.store.cache;

import io.varve.store.backend.Modes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A text file in the cache directory that saves reading something again. If it is missing, damaged or not writable, the
 * reader starts from nothing, and nothing else is lost. A new version replaces the old one at once, so a reader in
 * another process sees one or the other. Not thread-safe.
 *
 * <p>The last line is the CRC-32C of those before it, in hexadecimal.
 */
public final class RememberedLines {
    private final Path file;

    /** @param file in a directory of its own below the cache directory; both are created when it is written */
    public RememberedLines(Path file) {
        this.file = file;
    }

    /** Returns the lines without the checksum; empty if there is no file or it is damaged. */
    public Optional<List<String>> read() {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            int last = lines.size() - 1;
            if (last >= 0 && lines.get(last).equals(checksum(lines.subList(0, last)))) {
                return Optional.of(lines.subList(0, last));
            }
        } catch (IOException e) {
            // Missing, not readable, or not UTF-8.
        }
        return Optional.empty();
    }

    /**
     * Replaces the file, if this user may.
     *
     * @param lines without line feeds
     */
    public void write(List<String> lines) {
        try {
            Modes.createOwnDirectory(file.getParent().getParent());
            Modes.createOwnDirectory(file.getParent());
            Path partial = Files.createTempFile(file.getParent(), "new", ".partial");
            try {
                List<String> all = new ArrayList<>(lines);
                all.add(checksum(lines));
                Files.write(partial, all, StandardCharsets.UTF_8);
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            return; // no room, or no right to write
        }
    }

    private static String checksum(List<String> lines) {
        CRC32C crc = new CRC32C();
        crc.update(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
