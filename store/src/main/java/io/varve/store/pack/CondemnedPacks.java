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
import java.util.UUID;

/**
 * A list in the trash: packs that collection found nothing needed in. They are still there, but count as absent: nobody
 * relies on them any more, and a later collection deletes them, after it found the same again. Taking the list away
 * brings them back.
 *
 * @param name of the list's object
 * @param packs what is condemned
 * @param bytes of all of them
 * @param snapshots forgotten ones whose manifests lay in the trash then; they go when the packs go
 */
public record CondemnedPacks(String name, List<ChunkId> packs, long bytes, List<String> snapshots) {
    private static final String DIRECTORY = "trash";
    private static final String PREFIX = DIRECTORY + "/condemned-";
    private static final String SUFFIX = ".json";

    /** Publishes a list: from here on the packs count as absent. */
    public static CondemnedPacks publish(Backend backend, List<ChunkId> packs, long bytes, List<String> snapshots)
            throws IOException {
        String name = PREFIX + UUID.randomUUID() + SUFFIX;
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("bytes", bytes)
                .put("condemnedAt", Instant.now().toString());
        ArrayNode list = json.putArray("packs");
        packs.forEach(pack -> list.addObject().put("id", pack.hex()));
        ArrayNode forgotten = json.putArray("snapshots");
        snapshots.forEach(snapshot -> forgotten.addObject().put("id", snapshot));
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(SealedJson.encode(json)));
            object.publish(name);
        }
        return new CondemnedPacks(name, List.copyOf(packs), bytes, List.copyOf(snapshots));
    }

    /** The lists that are there. One that cannot be read condemns nothing and is told to {@code damaged}. */
    public static List<CondemnedPacks> list(Backend backend, List<CorruptDataException> damaged) throws IOException {
        List<String> names = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
                names.add(name);
            }
        });
        List<CondemnedPacks> lists = new ArrayList<>();
        for (String name : names) {
            try {
                lists.add(read(backend, name));
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Ended between listing and reading.
            }
        }
        return lists;
    }

    private static CondemnedPacks read(Backend backend, String name) throws IOException {
        byte[] file = JsonObjects.read(backend, name);
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        List<ChunkId> packs = new ArrayList<>();
        for (JsonFields pack : json.objects("packs")) {
            packs.add(pack.id("id"));
        }
        List<String> snapshots = new ArrayList<>();
        for (JsonFields snapshot : json.objects("snapshots")) {
            snapshots.add(snapshot.text("id"));
        }
        return new CondemnedPacks(name, packs, json.number("bytes", 0, Long.MAX_VALUE), snapshots);
    }

    /** All packs that are condemned now. */
    public static Set<ChunkId> all(Backend backend) throws IOException {
        Set<ChunkId> condemned = new HashSet<>();
        list(backend, new ArrayList<>()).forEach(list -> condemned.addAll(list.packs));
        return condemned;
    }

    /** Takes one pack off the lists it is on; they are published anew without it. */
    static void rescue(Backend backend, ChunkId pack) throws IOException {
        for (CondemnedPacks list : list(backend, new ArrayList<>())) {
            if (list.packs.contains(pack)) {
                List<ChunkId> others = new ArrayList<>(list.packs);
                others.remove(pack);
                publish(backend, others, list.bytes, list.snapshots);
                list.lift(backend);
            }
        }
    }

    /** Takes the list away. What of its packs is still there counts as present again. */
    public void lift(Backend backend) throws IOException {
        try {
            backend.delete(name);
        } catch (NoSuchFileException e) {
            // Done before.
        }
    }
}
