package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.Backend;
import io.varve.store.backend.Modes;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * This computer's memory of a repository: the newest manifest that it has seen of each machine. A repository that was
 * put back to an earlier state is consistent, so only such a memory can detect it. It is stored in the user's cache
 * directory; losing it loses only this detection. One thread at a time.
 */
public final class SeenSnapshots {
    private final Path file;
    private final Backend backend;
    private final SnapshotShelf shelf;

    /**
     * @param file of this repository's memory, in a directory of the user's own
     * @param backend of the repository
     * @param shelf of the repository: records of forgetting with a MAC can only be read as what they are
     */
    public SeenSnapshots(Path file, Backend backend, SnapshotShelf shelf) {
        this.file = file;
        this.backend = backend;
        this.shelf = shelf;
    }

    private record Seen(SnapshotId id, ChunkId digest) {}

    /**
     * Messages, by snapshot, about machines whose remembered newest manifest neither exists nor is recorded as
     * forgotten. They stay in the memory, and so are reported again, until the operator deletes it. Reads one small
     * file per machine.
     *
     * @throws UnreadableMemoryException when the memory cannot be read; that alone need not stop anything
     */
    public Map<SnapshotId, String> rolledBack() throws IOException {
        Map<SnapshotId, String> machines = new LinkedHashMap<>();
        for (Map.Entry<String, Seen> entry : read().entrySet()) {
            if (!isExplained(entry.getValue())) {
                machines.put(
                        entry.getValue().id(),
                        "snapshot " + entry.getValue().id() + " of machine " + entry.getKey()
                                + " was seen on this computer and is now missing or replaced, with no record of"
                                + " being forgotten: the repository may have been rolled back to an earlier state."
                                + " If you did that, or removed the snapshot on purpose, delete " + file);
            }
        }
        return machines;
    }

    private boolean isExplained(Seen seen) throws IOException {
        Optional<ChunkId> present = digest(seen.id().objectName());
        if (present.isPresent() && present.get().equals(seen.digest())) {
            return true;
        }
        try {
            Optional<Forgotten> record = shelf.find(seen.id());
            return record.isPresent() && record.get().digest().equals(seen.digest());
        } catch (CorruptDataException e) {
            return false;
        }
    }

    private Optional<ChunkId> digest(String name) throws IOException {
        try {
            return Optional.of(new ChunkHasher().id(WholeObject.read(backend, name, SealedJson.MAX_SIZE)));
        } catch (NoSuchFileException | CorruptDataException e) {
            return Optional.empty();
        }
    }

    /** Remembers the newest manifest of each machine, except for machines with a missing one. */
    public void remember(List<Snapshot> oldestFirst) throws IOException {
        Map<String, Seen> before = read();
        Map<String, Seen> now = new TreeMap<>(before);
        for (Snapshot snapshot : oldestFirst) {
            now.put(snapshot.manifest().machine(), new Seen(snapshot.id(), snapshot.digest()));
        }
        for (Map.Entry<String, Seen> entry : before.entrySet()) {
            if (!isExplained(entry.getValue())) {
                now.put(entry.getKey(), entry.getValue());
            }
        }
        if (!now.equals(before)) {
            write(now);
        }
    }

    private Map<String, Seen> read() throws IOException {
        Map<String, Seen> seen = new TreeMap<>();
        try {
            JsonFields json = SealedJson.decode(Files.readAllBytes(file), file.toString());
            for (JsonFields entry : json.objects("newest")) {
                SnapshotId id = SnapshotId.decode(entry.text("snapshot"), file.toString());
                seen.put(entry.text("machine"), new Seen(id, entry.id("manifestDigest")));
            }
        } catch (NoSuchFileException | CorruptDataException e) {
            seen.clear(); // a memory that is gone or torn is none
        } catch (IOException e) {
            throw new UnreadableMemoryException(file, e);
        }
        return seen;
    }

    private void write(Map<String, Seen> seen) throws IOException {
        ObjectNode json = SealedJson.newObject().put("format", 1);
        ArrayNode newest = json.putArray("newest");
        seen.forEach((machine, manifest) -> newest.addObject()
                .put("machine", machine)
                .put("snapshot", manifest.id().text())
                .put("manifestDigest", manifest.digest().hex()));
        Modes.createOwnDirectory(file.getParent().getParent());
        Modes.createOwnDirectory(file.getParent());
        Path partial = Files.createTempFile(file.getParent(), "seen", ".partial");
        try {
            Files.write(partial, SealedJson.encode(json));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
