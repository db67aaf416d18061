package io.varve.adapters.hyperv;

import io.varve.adapters.file.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What this computer does to a machine's disks, written down before it is done: until a rollback has ended, the disks
 * are partly those of the snapshot and partly those that were there before, and until the next snapshot no change list
 * may be used. One file per machine; durable when a method returns.
 */
public final class RollbackNote {
    private static final String WRITING = "writing";
    private static final String DONE = "done";
    private static final String NONE = "-";
    private static final String GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Lines before those of the disks. */
    private static final int HEAD = 3;

    private final Path file;

    /** @param file of one machine */
    RollbackNote(Path file) {
        this.file = file;
    }

    /**
     * A rollback.
     *
     * @param isDone whether all disks are as they were in the snapshot
     * @param snapshot id of the snapshot that the disks become
     * @param before id of the snapshot of the disks as they were before; empty if none was made
     * @param disks GUIDs of the disks that are written
     */
    public record Rollback(boolean isDone, String snapshot, Optional<String> before, List<UUID> disks) {
        public Rollback {
            disks = List.copyOf(disks);
        }

        /** The same when all was written. */
        public Rollback done() {
            return new Rollback(true, snapshot, before, disks);
        }
    }

    /** The last one since the last snapshot; empty when there was none. */
    public Optional<Rollback> read() throws IOException {
        try {
            List<String> lines = Files.readAllLines(file);
            boolean isSound = lines.size() >= HEAD
                    && List.of(WRITING, DONE).contains(lines.get(0))
                    && lines.subList(HEAD, lines.size()).stream().allMatch(line -> line.matches(GUID));
            if (!isSound) {
                throw new IOException(file + ": expected the note of a rollback, found something else. Check the"
                        + " machine's disks, then delete this file");
            }
            return Optional.of(new Rollback(
                    lines.get(0).equals(DONE),
                    lines.get(1),
                    Optional.of(lines.get(2)).filter(id -> !id.equals(NONE)),
                    lines.subList(HEAD, lines.size()).stream()
                            .map(UUID::fromString)
                            .toList()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Replaces it. */
    public void write(Rollback rollback) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(rollback.isDone() ? DONE : WRITING);
        lines.add(rollback.snapshot());
        lines.add(rollback.before().orElse(NONE));
        rollback.disks().forEach(disk -> lines.add(disk.toString()));
        WholeFiles.replace(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
