package io.varve.store.snapshot;

import io.varve.store.cache.RememberedLines;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The heads of manifests that this computer has verified before. With them, finding a machine's newest snapshot among
 * ten thousand takes one listing and reading one manifest. Manifests never change, so their names are enough. It is a
 * cache: if it is missing, damaged or not writable, all manifests are read again, and nothing else is lost.
 * Thread-safe.
 *
 * <p>One line of text for each, fields separated by tabs.
 */
public final class HeadMemory {
    private static final String NONE = "-";

    private final RememberedLines file; // null for one that lasts as long as the object
    private Map<SnapshotId, SnapshotHead> heads;

    /** @param file of this repository's memory, in a directory of the user's own */
    public HeadMemory(Path file) {
        this.file = new RememberedLines(file);
    }

    private HeadMemory() {
        this.file = null;
    }

    /** A memory that is not stored. */
    static HeadMemory ofThisProcess() {
        return new HeadMemory();
    }

    synchronized Optional<SnapshotHead> find(SnapshotId id) {
        if (heads == null) {
            heads = read();
        }
        return Optional.ofNullable(heads.get(id));
    }

    /**
     * Adds verified manifests and drops those that are gone.
     *
     * @param present all snapshots there are
     */
    synchronized void remember(Collection<SnapshotHead> proven, Set<SnapshotId> present) {
        Map<SnapshotId, SnapshotHead> before = heads == null ? read() : heads;
        heads = new HashMap<>(before);
        proven.forEach(head -> heads.put(head.id(), head));
        heads.keySet().retainAll(present);
        if (file != null && !heads.equals(before)) {
            file.write(heads.values().stream().map(HeadMemory::encode).toList());
        }
    }

    private Map<SnapshotId, SnapshotHead> read() {
        Map<SnapshotId, SnapshotHead> read = new HashMap<>();
        if (file == null) {
            return read;
        }
        try {
            for (String line : file.read().orElse(List.of())) {
                SnapshotHead head = decode(line);
                read.put(head.id(), head);
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            read.clear(); // written by another build; the manifests have it all
        }
        return read;
    }

    private static String encode(SnapshotHead head) {
        return String.join(
                "\t",
                head.id().text(),
                head.sequence().map(String::valueOf).orElse(NONE),
                head.parent().map(SnapshotId::text).orElse(NONE),
                head.startedAt().toString(),
                escape(head.machine()));
    }

    private static SnapshotHead decode(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("expected 5 fields, found " + fields.length);
        }
        return new SnapshotHead(
                new SnapshotId(fields[0]),
                unescape(fields[4]),
                fields[1].equals(NONE) ? Optional.empty() : Optional.of(Long.parseLong(fields[1])),
                fields[2].equals(NONE) ? Optional.empty() : Optional.of(new SnapshotId(fields[2])),
                Instant.parse(fields[3]));
    }

    /** Machines of older builds may have any name, line feeds included. */
    private static String escape(String text) {
        return text.replace("%", "%25")
                .replace("\t", "%09")
                .replace("\n", "%0A")
                .replace("\r", "%0D");
    }

    private static String unescape(String text) {
        return text.replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%09", "\t")
                .replace("%25", "%");
    }
}
