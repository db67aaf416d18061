package io.varve.store.pack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.CorruptDataException;
import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkId;
import io.varve.store.json.JsonFields;
import io.varve.store.json.JsonObjects;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A list in the trash: packs that collection found nothing needed in. They are still there, but for everyone who begins
 * from now on they count as absent; a later collection deletes them, after it found the same again. Taking the list
 * away brings them back; a rescue takes single packs off it.
 *
 * @param name of the list's object
 * @param packs what is condemned, rescued ones left out
 * @param bytes of all of them
 * @param snapshots forgotten ones whose manifests lay in the trash then; they go when the packs go
 */
public record CondemnedPacks(String name, List<ChunkId> packs, long bytes, List<String> snapshots) {
    private static final String DIRECTORY = "trash";
    private static final String PREFIX = DIRECTORY + "/condemned-";
    private static final String RESCUE_PREFIX = DIRECTORY + "/rescued-";
    private static final String SUFFIX = ".json";

    /** Publishes a list: from here on the packs count as absent. */
    public static CondemnedPacks publish(Backend backend, List<ChunkId> packs, long bytes, List<String> snapshots)
            throws IOException {
        String name = PREFIX + UUID.randomUUID() + SUFFIX;
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("bytes", bytes)
                .put("condemnedAt", Instant.now().toString());
        putPacks(json, packs);
        ArrayNode forgotten = json.putArray("snapshots");
        snapshots.forEach(snapshot -> forgotten.addObject().put("id", snapshot));
        publish(backend, name, json);
        return new CondemnedPacks(name, List.copyOf(packs), bytes, List.copyOf(snapshots));
    }

    private static void putPacks(ObjectNode json, Iterable<ChunkId> packs) {
        ArrayNode list = json.putArray("packs");
        packs.forEach(pack -> list.addObject().put("id", pack.hex()));
    }

    private static void publish(Backend backend, String name, ObjectNode json) throws IOException {
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(SealedJson.encode(json)));
            object.publish(name);
        }
    }

    /** That some packs of one list count again. */
    private record Rescue(String name, String list, List<ChunkId> packs) {
        static Rescue read(Backend backend, String name) throws IOException {
            JsonFields json = decode(backend, name);
            return new Rescue(name, json.text("list"), CondemnedPacks.packs(json));
        }
    }

    /** The lists that are there. One that cannot be read condemns nothing and is told to {@code damaged}. */
    public static List<CondemnedPacks> list(Backend backend, List<CorruptDataException> damaged) throws IOException {
        // Rescues first: one that is missed here was made later than what this answer tells of.
        List<Rescue> rescues = new ArrayList<>();
        readAll(backend, RESCUE_PREFIX, damaged, name -> rescues.add(Rescue.read(backend, name)));
        List<CondemnedPacks> lists = new ArrayList<>();
        readAll(backend, PREFIX, damaged, name -> lists.add(read(backend, name, rescues)));
        return lists;
    }

    /** Names of the lists that are there. */
    public static Set<String> names(Backend backend) throws IOException {
        return new TreeSet<>(names(backend, PREFIX));
    }

    private static List<String> names(Backend backend, String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (name.startsWith(prefix) && name.endsWith(SUFFIX)) {
                names.add(name);
            }
        });
        return names;
    }

    private interface NamedReader {
        void read(String name) throws IOException;
    }

    private static void readAll(Backend backend, String prefix, List<CorruptDataException> damaged, NamedReader reader)
            throws IOException {
        for (String name : names(backend, prefix)) {
            try {
                reader.read(name);
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Ended between listing and reading.
            }
        }
    }

    private static CondemnedPacks read(Backend backend, String name, List<Rescue> rescues) throws IOException {
        JsonFields json = decode(backend, name);
        Set<ChunkId> rescued = new HashSet<>();
        rescues.stream().filter(rescue -> rescue.list.equals(name)).forEach(rescue -> rescued.addAll(rescue.packs));
        List<ChunkId> packs =
                packs(json).stream().filter(Predicate.not(rescued::contains)).toList();
        List<String> snapshots = new ArrayList<>();
        for (JsonFields snapshot : json.objects("snapshots")) {
            snapshots.add(snapshot.text("id"));
        }
        return new CondemnedPacks(name, packs, json.number("bytes", 0, Long.MAX_VALUE), snapshots);
    }

    private static JsonFields decode(Backend backend, String name) throws IOException {
        JsonFields json = SealedJson.decode(JsonObjects.read(backend, name), name);
        json.number("format", 1, 1);
        return json;
    }

    private static List<ChunkId> packs(JsonFields json) throws IOException {
        List<ChunkId> packs = new ArrayList<>();
        for (JsonFields pack : json.objects("packs")) {
            packs.add(pack.id("id"));
        }
        return packs;
    }

    /** All packs that are condemned now. */
    public static Set<ChunkId> all(Backend backend) throws IOException {
        Set<ChunkId> condemned = new HashSet<>();
        list(backend, new ArrayList<>()).forEach(list -> condemned.addAll(list.packs));
        return condemned;
    }

    /**
     * Lets {@code packs} count again. Only for a session that began before the lists that name them, which therefore
     * cannot be swept while it lives, and for the holder of the collection's lock.
     */
    public static void rescue(Backend backend, Set<ChunkId> packs) throws IOException {
        for (CondemnedPacks list : list(backend, new ArrayList<>())) {
            List<ChunkId> rescued = list.packs.stream().filter(packs::contains).toList();
            if (!rescued.isEmpty()) {
                ObjectNode json = SealedJson.newObject().put("format", 1).put("list", list.name);
                putPacks(json, rescued);
                publish(backend, RESCUE_PREFIX + UUID.randomUUID() + SUFFIX, json);
            }
        }
    }

    /**
     * Takes the list away, and the rescues that speak of it. What of its packs is still there counts as present again.
     * Only for the holder of the collection's lock.
     */
    public void lift(Backend backend) throws IOException {
        delete(backend, name);
        clearRescues(backend);
    }

    /** Takes away rescues of which the list is gone: their work is done. */
    private static void clearRescues(Backend backend) throws IOException {
        Set<String> lists = names(backend);
        List<Rescue> rescues = new ArrayList<>();
        readAll(backend, RESCUE_PREFIX, new ArrayList<>(), name -> rescues.add(Rescue.read(backend, name)));
        for (Rescue rescue : rescues) {
            if (!lists.contains(rescue.list)) {
                delete(backend, rescue.name);
            }
        }
    }

    private static void delete(Backend backend, String name) throws IOException {
        try {
            backend.delete(name);
        } catch (NoSuchFileException e) {
            // Done before.
        }
    }
}
