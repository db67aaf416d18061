package io.varve.adapters.rsvd;

import io.varve.adapters.file.ProcessClaim;
import io.varve.adapters.file.WholeFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Ids of snapshots that an unfinished backup of a machine has at the server, written down before they are taken. After
 * a crash the next backup learns from it which are Varve's own. One file per machine; durable when a method returns.
 */
public final class SnapshotJournal {
    private final Path file;

    /**
     * @param folder of this computer and of one repository; created if it is missing
     * @param machine its name in the repository
     */
    public SnapshotJournal(Path folder, String machine) {
        // Names may hold what file names cannot.
        this.file = folder.resolve(UUID.nameUUIDFromBytes(machine.getBytes(StandardCharsets.UTF_8)) + ".snapshots");
    }

    /** Keeps other backups of the machine away, until it is closed. */
    Closeable claim() throws IOException {
        return ProcessClaim.take(
                file.resolveSibling(file.getFileName() + ".lock"),
                "another backup of this machine into this repository runs on this computer; wait until it has ended");
    }

    /** The ids; none if the last backup was finished. */
    List<UUID> read() throws IOException {
        List<UUID> ids = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                ids.add(UUID.fromString(line));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + ": expected ids of snapshots, one in each line. Look for leftover snapshots with"
                            + " 'varve rsvd snapshots', then delete this file",
                    e);
        }
        return ids;
    }

    void write(Collection<UUID> ids) throws IOException {
        if (ids.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder text = new StringBuilder();
        ids.forEach(id -> text.append(id).append('\n'));
        WholeFiles.replace(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
