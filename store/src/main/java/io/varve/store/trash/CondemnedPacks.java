package io.varve.store.trash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A list in the trash: packs that collection found nothing needed in. It is proposed first: whoever commits from then
 * on sees it and takes off what it needs, while for those who begin the packs count as ever. Once the collection has
 * done the same for those who committed before, the list comes into force: the packs are still there, but for everyone
 * who begins from now on they count as absent; a later collection deletes them, after it found the same again. Taking
 * the list away brings them back; a rescue takes single packs off it.
 *
 * @param name of the object that the list has in force, also while it is proposed
 * @param packs what is condemned, rescued ones left out
 * @param bytes of all of them
 * @param snapshots forgotten ones whose manifests lay in the trash then; they go when the packs go
 */
public record CondemnedPacks(String name, List<ChunkId> packs, long bytes, List<String> snapshots) {
    /**
     * Most packs of one list, which has to fit in a JSON file that is read again. The next collection finds the rest.
     */
    public static final int MOST = 100_000;

    private static final String DIRECTORY = "trash";
    private static final String PREFIX = DIRECTORY + "/condemned-";
    private static final String PROPOSAL_PREFIX = DIRECTORY + "/proposed-";
    private static final String RESCUE_PREFIX = DIRECTORY + "/rescued-";
    private static final String SUFFIX = ".json";
    private static final Pattern OBJECT_NAME =
            Pattern.compile("trash/(condemned|proposed|rescued)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.json");

    /** Proposes a list: from here on, who commits rescues from it. Only for the holder of the collection's lock. */
    public static CondemnedPacks propose(Backend backend, List<ChunkId> packs, long bytes, List<String> snapshots)
            throws IOException {
        CondemnedPacks list = new CondemnedPacks(
                PREFIX + UUID.randomUUID() + SUFFIX, List.copyOf(packs), bytes, List.copyOf(snapshots));
        publish(backend, list.proposal(), list.toJson());
        return list;
    }

    /** Puts a proposed list into force, with the packs it was proposed with: what was rescued stays rescued. */
    public void putIntoForce(Backend backend) throws IOException {
        publish(backend, name, toJson());
        delete(backend, proposal());
    }

    /** Takes away proposals that a crashed collection left. Only for the holder of the collection's lock. */
    public static void withdrawProposals(Backend backend) throws IOException {
        List<String> proposals = names(backend, PROPOSAL_PREFIX);
        for (String proposal : proposals) {
            delete(backend, proposal);
        }
        if (!proposals.isEmpty()) {
            clearRescues(backend);
        }
    }

    private String proposal() {
        return PROPOSAL_PREFIX + name.substring(PREFIX.length());
    }

    private static String nameInForce(String proposal) {
        return PREFIX + proposal.substring(PROPOSAL_PREFIX.length());
    }

    private ObjectNode toJson() {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("bytes", bytes)
                .put("condemnedAt", Instant.now().toString());
        putPacks(json, packs);
        ArrayNode forgotten = json.putArray("snapshots");
        snapshots.forEach(snapshot -> forgotten.addObject().put("id", snapshot));
        return json;
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

    /** The lists in force. One that cannot be read condemns nothing and is told to {@code damaged}. */
    public static List<CondemnedPacks> list(Backend backend, List<CorruptDataException> damaged) throws IOException {
        return List.copyOf(read(backend, false, damaged).values());
    }

    /** Those that are proposed as well: what a commit has to look at. Damaged ones condemn nothing. */
    private static Collection<CondemnedPacks> listWithProposals(Backend backend) throws IOException {
        return read(backend, true, new ArrayList<>()).values();
    }

    private static Map<String, CondemnedPacks> read(
            Backend backend, boolean proposals, List<CorruptDataException> damaged) throws IOException {
        // Rescues first: one that is missed here was made later than what this answer tells of. Then proposals: one
        // that comes into force meanwhile is seen among the lists.
        List<Rescue> rescues = new ArrayList<>();
        readAll(backend, RESCUE_PREFIX, damaged, name -> rescues.add(Rescue.read(backend, name)));
        Map<String, CondemnedPacks> lists = new LinkedHashMap<>();
        if (proposals) {
            readAll(backend, PROPOSAL_PREFIX, damaged, object -> {
                String name = nameInForce(object);
                lists.put(name, read(backend, object, name, rescues));
            });
        }
        readAll(backend, PREFIX, damaged, name -> lists.put(name, read(backend, name, name, rescues)));
        return lists;
    }

    /** Names of the lists in force. */
    public static Set<String> names(Backend backend) throws IOException {
        return new TreeSet<>(names(backend, PREFIX));
    }

    private static List<String> names(Backend backend, String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (name.startsWith(prefix) && isObjectName(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Whether a list, a proposal or a rescue has a name of this form. */
    public static boolean isObjectName(String name) {
        return OBJECT_NAME.matcher(name).matches();
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

    private static CondemnedPacks read(Backend backend, String object, String name, List<Rescue> rescues)
            throws IOException {
        JsonFields json = decode(backend, object);
        Set<ChunkId> rescued = new HashSet<>();
        rescues.stream().filter(rescue -> rescue.list.equals(name)).forEach(rescue -> rescued.addAll(rescue.packs));
        List<ChunkId> packs =
                packs(json).stream().filter(Predicate.not(rescued::contains)).toList();
        List<String> snapshots = new ArrayList<>();
        for (JsonFields snapshot : json.objects("snapshots")) {
            snapshots.add(snapshotId(snapshot)); // here, and not when half of what the list says was done
        }
        return new CondemnedPacks(name, packs, json.number("bytes", 0, Long.MAX_VALUE), snapshots);
    }

    private static String snapshotId(JsonFields snapshot) throws CorruptDataException {
        try {
            return new SnapshotId(snapshot.text("id")).text();
        } catch (IllegalArgumentException e) {
            throw snapshot.wrong("id", "the id of a snapshot");
        }
    }

    private static JsonFields decode(Backend backend, String name) throws IOException {
        JsonFields json = SealedJson.decode(WholeObject.read(backend, name, SealedJson.MAX_SIZE), name);
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

    /** All packs that are condemned now: those on lists in force. */
    public static Set<ChunkId> all(Backend backend) throws IOException {
        Set<ChunkId> condemned = new HashSet<>();
        list(backend, new ArrayList<>()).forEach(list -> condemned.addAll(list.packs));
        return condemned;
    }

    /** All packs that are condemned now, or proposed for that. */
    public static Set<ChunkId> allWithProposed(Backend backend) throws IOException {
        Set<ChunkId> condemned = new HashSet<>();
        listWithProposals(backend).forEach(list -> condemned.addAll(list.packs));
        return condemned;
    }

    /**
     * Lets {@code packs} count again. Only for a session that began before the lists that name them, which therefore
     * cannot be swept while it lives, and for the holder of the collection's lock.
     */
    public static void rescue(Backend backend, Set<ChunkId> packs) throws IOException {
        for (CondemnedPacks list : listWithProposals(backend)) {
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
        Set<String> lists = new HashSet<>();
        names(backend, PROPOSAL_PREFIX).forEach(proposal -> lists.add(nameInForce(proposal)));
        lists.addAll(names(backend));
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
