package io.varve.store.trash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.pack.PackListing;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The lists of condemned packs. A list is first proposed: sessions that commit from then on take off it the packs that
 * they need, while for sessions that begin the packs still count as present. When the collection has done the same for
 * snapshots committed before the proposal, it puts the list into force: the packs still exist, but sessions that begin
 * from then on treat them as absent. A later collection deletes them, if it again finds that nothing needs them.
 * Lifting a list reinstates its packs; a rescue takes single packs off it. Thread-safe.
 */
public final class CondemnedLists {
    private static final String DIRECTORY = "trash";
    private static final String PREFIX = DIRECTORY + "/condemned-";
    private static final String PROPOSAL_PREFIX = DIRECTORY + "/proposed-";
    private static final String RESCUE_PREFIX = DIRECTORY + "/rescued-";
    private static final String SUFFIX = ".json";
    private static final Pattern OBJECT_NAME =
            Pattern.compile("trash/(condemned|proposed|rescued)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.json");

    private final Backend backend;
    private final SweepMarks marks;

    public CondemnedLists(Backend backend) {
        this.backend = backend;
        this.marks = new SweepMarks(backend);
    }

    /**
     * Proposes a list. Sessions that commit from now on rescue packs from it. Only for the holder of the right to
     * collect.
     */
    public CondemnedPacks propose(List<ChunkId> packs, long bytes, List<String> snapshots) throws IOException {
        CondemnedPacks list = new CondemnedPacks(PREFIX + UUID.randomUUID() + SUFFIX, packs, bytes, snapshots);
        publish(proposal(list), toJson(list));
        return list;
    }

    /** Puts a proposed list into force with all packs that it was proposed with. Rescued packs stay rescued. */
    public void putIntoForce(CondemnedPacks list) throws IOException {
        publish(list.name(), toJson(list));
        delete(proposal(list));
    }

    /** Deletes proposals that a crashed collection left. Only for the holder of the right to collect. */
    public void withdrawProposals() throws IOException {
        List<String> proposals = names(PROPOSAL_PREFIX);
        for (String proposal : proposals) {
            delete(proposal);
        }
        if (!proposals.isEmpty()) {
            clearRescues();
        }
    }

    private static String proposal(CondemnedPacks list) {
        return nameBeside(PROPOSAL_PREFIX, list.name());
    }

    /** The name of an object that belongs to a list. */
    static String nameBeside(String prefix, String list) {
        return prefix + list.substring(PREFIX.length());
    }

    /** The name of the list in force that an object belongs to: a proposal, a mark, a decision. */
    static String nameInForce(String object) {
        return PREFIX + object.substring(object.indexOf('-') + 1);
    }

    private static ObjectNode toJson(CondemnedPacks list) {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("bytes", list.bytes())
                .put("condemnedAt", Instant.now().toString());
        putPacks(json, list.packs());
        ArrayNode forgotten = json.putArray("snapshots");
        list.snapshots().forEach(snapshot -> forgotten.addObject().put("id", snapshot));
        return json;
    }

    private static void putPacks(ObjectNode json, Iterable<ChunkId> packs) {
        ArrayNode list = json.putArray("packs");
        packs.forEach(pack -> list.addObject().put("id", pack.hex()));
    }

    private void publish(String name, ObjectNode json) throws IOException {
        WholeObject.publish(backend, name, SealedJson.encode(json));
    }

    /** A record that takes some packs off one list. */
    private record Rescue(String name, String list, List<ChunkId> packs) {}

    private Rescue readRescue(String name) throws IOException {
        JsonFields json = decode(name);
        return new Rescue(name, json.text("list"), packs(json));
    }

    /** Returns the lists in force. A list that cannot be read condemns nothing and is added to {@code damaged}. */
    public List<CondemnedPacks> list(List<CorruptDataException> damaged) throws IOException {
        return List.copyOf(read(false, Undecided.AS_BEFORE, damaged).values());
    }

    /** Returns the lists in force and the proposals, which a commit has to check. Damaged ones condemn nothing. */
    private Collection<CondemnedPacks> listWithProposals() throws IOException {
        return read(true, Undecided.ABSENT, new ArrayList<>()).values();
    }

    /** How the packs of a list count whose sweep has begun and has not decided yet. */
    private enum Undecided {
        /** As absent: whoever begins now must not rely on them. */
        ABSENT,
        /** As if the sweep had not begun, for checks and collections. */
        AS_BEFORE
    }

    private Map<String, CondemnedPacks> read(boolean proposals, Undecided undecided, List<CorruptDataException> damaged)
            throws IOException {
        // Rescues and marks are listed first, rescues not after marks (names are listed in order): a rescue that is
        // missed was made after this call began, and where no mark is found, no sweep had begun when the rescues were
        // made. Proposals come before lists: one that comes into force meanwhile is then found among these.
        List<String> names = names("");
        List<Rescue> rescues = new ArrayList<>();
        readAll(names, RESCUE_PREFIX, damaged, name -> rescues.add(readRescue(name)));
        SweepMarks.State sweeps = marks.read(names, damaged);
        Map<String, CondemnedPacks> lists = new LinkedHashMap<>();
        if (proposals) {
            readAll(names(PROPOSAL_PREFIX), PROPOSAL_PREFIX, damaged, object -> {
                String name = nameInForce(object);
                lists.put(name, read(object, name, rescued(name, rescues)));
            });
        }
        readAll(names(PREFIX), PREFIX, damaged, name -> lists.put(name, inForce(name, rescues, sweeps, undecided)));
        return lists;
    }

    /** A list as it counts: what its sweep decided to delete, or all that was not rescued before the sweep. */
    private CondemnedPacks inForce(String name, List<Rescue> rescues, SweepMarks.State sweeps, Undecided undecided)
            throws IOException {
        Optional<Set<ChunkId>> decision = sweeps.decision(name);
        if (decision.isPresent()) {
            return read(name, name, pack -> !decision.get().contains(pack));
        }
        boolean isUnsure = undecided == Undecided.ABSENT && sweeps.marked().contains(name);
        return read(name, name, isUnsure ? pack -> false : rescued(name, rescues));
    }

    private static Predicate<ChunkId> rescued(String list, List<Rescue> rescues) {
        Set<ChunkId> packs = new HashSet<>();
        rescues.stream().filter(rescue -> rescue.list.equals(list)).forEach(rescue -> packs.addAll(rescue.packs));
        return packs::contains;
    }

    /** Returns the names of the lists in force. */
    public Set<String> names() throws IOException {
        return new TreeSet<>(names(PREFIX));
    }

    private List<String> names(String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (name.startsWith(prefix) && isObjectName(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Whether an object of this name is a list, a proposal or a rescue, or says how far the sweep of a list is. */
    public static boolean isObjectName(String name) {
        return OBJECT_NAME.matcher(name).matches() || SweepMarks.isObjectName(name);
    }

    private interface NamedReader {
        void read(String name) throws IOException;
    }

    private void readAll(List<String> names, String prefix, List<CorruptDataException> damaged, NamedReader reader)
            throws IOException {
        for (String name : names) {
            if (!name.startsWith(prefix)) {
                continue;
            }
            try {
                reader.read(name);
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Deleted between listing and reading.
            }
        }
    }

    private CondemnedPacks read(String object, String name, Predicate<ChunkId> rescued) throws IOException {
        JsonFields json = decode(object);
        List<ChunkId> packs =
                packs(json).stream().filter(Predicate.not(rescued)).toList();
        List<String> snapshots = new ArrayList<>();
        for (JsonFields snapshot : json.objects("snapshots")) {
            snapshots.add(snapshotId(snapshot)); // checked here, and not when half of the list has been processed
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

    private JsonFields decode(String name) throws IOException {
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

    /** Returns all packs that are condemned, for sessions: those on lists in force. */
    public Set<ChunkId> all() throws IOException {
        return packs(read(false, Undecided.ABSENT, new ArrayList<>()).values());
    }

    private static Set<ChunkId> packs(Collection<CondemnedPacks> lists) {
        Set<ChunkId> packs = new HashSet<>();
        lists.forEach(list -> packs.addAll(list.packs()));
        return packs;
    }

    /** Returns the packs in use, which exist and are not condemned, in a new set. */
    public Set<ChunkId> usablePacks() throws IOException {
        Set<ChunkId> condemned =
                packs(list(new ArrayList<>())); // first: packs of a list that is swept meanwhile are not listed then
        Set<ChunkId> usable = PackListing.all(backend);
        usable.removeAll(condemned);
        return usable;
    }

    /** Returns all packs that are condemned or proposed to be condemned. */
    public Set<ChunkId> allWithProposed() throws IOException {
        return packs(listWithProposals());
    }

    /**
     * Takes {@code packs} off the lists. Only for a session that began before the lists that name them, since these
     * cannot be swept while it lives, and for the holder of the right to collect.
     */
    public void rescue(Set<ChunkId> packs) throws IOException {
        for (CondemnedPacks list : listWithProposals()) {
            List<ChunkId> rescued =
                    list.packs().stream().filter(packs::contains).toList();
            if (!rescued.isEmpty()) {
                publishRescue(list.name(), rescued);
            }
        }
    }

    private void publishRescue(String list, List<ChunkId> packs) throws IOException {
        ObjectNode json = SealedJson.newObject().put("format", 1).put("list", list);
        putPacks(json, packs);
        publish(RESCUE_PREFIX + UUID.randomUUID() + SUFFIX, json);
    }

    /**
     * Deletes a list of which nothing is left, and its rescues. Only for the holder of the right to collect.
     *
     * @see #lift
     */
    public void end(CondemnedPacks list) throws IOException {
        delete(list.name());
        clearRescues();
        marks.remove(list.name());
    }

    /**
     * Deletes a list and its rescues. Those of its packs that still exist count as present again. Only for the holder
     * of the right to collect.
     *
     * @param deadMayGoOn whether a sweep of somebody who is taken for dead may be on its way; then the list is rescued
     *     first, for that one to see
     * @return false if such a sweep has begun: the list stays
     */
    public boolean lift(CondemnedPacks list, boolean deadMayGoOn) throws IOException {
        if (deadMayGoOn) {
            if (isMarked(list.name())) {
                return false;
            }
            try {
                publishRescue(list.name(), packs(decode(list.name())));
            } catch (NoSuchFileException e) {
                return true; // lifted by another one
            }
            if (isMarked(list.name())) {
                return false;
            }
        }
        delete(list.name());
        clearRescues();
        return true;
    }

    private boolean isMarked(String list) throws IOException {
        return marks.read(names(""), new ArrayList<>()).marked().contains(list);
    }

    /**
     * Begins the sweep of a list where somebody who is taken for dead may sweep it too, or rescue packs of it: marks
     * it, reads the rescues, decides, and looks whether the list is still there.
     *
     * @return the packs to delete; empty if the list was lifted, or swept by another one
     * @throws CorruptDataException when a rescue or the list cannot be read; nothing is deleted then
     */
    public Optional<Set<ChunkId>> beginSweep(CondemnedPacks list) throws IOException {
        rescues(); // before the list is marked: an unreadable rescue would leave it undecided
        marks.mark(list.name());
        Set<ChunkId> decided = decide(list.name());
        if (backend.exists(list.name())) {
            return Optional.of(decided);
        }
        marks.remove(list.name());
        return Optional.empty();
    }

    private List<Rescue> rescues() throws IOException {
        List<Rescue> rescues = new ArrayList<>();
        List<CorruptDataException> damaged = new ArrayList<>();
        readAll(names(RESCUE_PREFIX), RESCUE_PREFIX, damaged, name -> rescues.add(readRescue(name)));
        if (!damaged.isEmpty()) {
            throw damaged.get(0); // which packs it rescues is unknown
        }
        return rescues;
    }

    private Set<ChunkId> decide(String list) throws IOException {
        List<Rescue> rescues = rescues();
        try {
            return marks.decide(list, read(list, list, rescued(list, rescues)).packs());
        } catch (NoSuchFileException e) {
            return Set.of(); // lifted, or swept by another one
        }
    }

    /**
     * Completes the decisions of sweeps that were interrupted before they decided, and removes what is left of sweeps
     * whose list is gone. Only for the holder of the right to collect, before it looks at lists.
     *
     * @param damaged receives what prevents a decision: the list is not swept then
     */
    public void settleSweeps(List<CorruptDataException> damaged) throws IOException {
        SweepMarks.State sweeps = marks.read(names(""), damaged);
        for (String list : sweeps.marked()) {
            try {
                if (!backend.exists(list)) {
                    marks.remove(list);
                } else if (sweeps.decision(list).isEmpty()) {
                    decide(list);
                }
            } catch (CorruptDataException e) {
                damaged.add(e);
            }
        }
    }

    /** Deletes rescues whose list is gone. The rescues are listed first: a list is there before its rescues. */
    private void clearRescues() throws IOException {
        List<Rescue> rescues = new ArrayList<>();
        readAll(names(RESCUE_PREFIX), RESCUE_PREFIX, new ArrayList<>(), name -> rescues.add(readRescue(name)));
        Set<String> lists = new HashSet<>();
        names(PROPOSAL_PREFIX).forEach(proposal -> lists.add(nameInForce(proposal)));
        lists.addAll(names());
        for (Rescue rescue : rescues) {
            if (!lists.contains(rescue.list)) {
                delete(rescue.name);
            }
        }
    }

    private void delete(String name) throws IOException {
        try {
            backend.delete(name);
        } catch (NoSuchFileException e) {
            // Done before.
        }
    }
}
