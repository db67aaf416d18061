package io.varve.store.trash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What sweeps record about themselves where a process that is taken for dead may continue ({@code docs/protocol.md},
 * section 7). A <em>mark</em> on a list of condemned packs says that a sweep of it has begun. A <em>decision</em>, of
 * which there is one for each list, names the packs that are deleted, whoever deletes them.
 */
final class SweepMarks {
    private static final String DIRECTORY = "trash";
    private static final String MARK_PREFIX = DIRECTORY + "/sweeping-";
    private static final String DECISION_PREFIX = DIRECTORY + "/deleting-";
    private static final Pattern OBJECT_NAME =
            Pattern.compile("trash/(sweeping|deleting)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.json");

    private final Backend backend;

    SweepMarks(Backend backend) {
        this.backend = backend;
    }

    static boolean isObjectName(String name) {
        return OBJECT_NAME.matcher(name).matches();
    }

    /**
     * The marks that were there, and the decisions.
     *
     * @param marked names of lists, also of those with a decision
     * @param decided the packs to be deleted, by name of the list
     */
    record State(Set<String> marked, Map<String, Set<ChunkId>> decided) {
        /** The packs to be deleted; empty if the sweep of the list has not decided, or not begun. */
        Optional<Set<ChunkId>> decision(String list) {
            return Optional.ofNullable(decided.get(list));
        }
    }

    /**
     * @param names of objects in {@code trash/}, as listed
     * @param damaged receives decisions that cannot be read; their lists count as undecided
     */
    State read(List<String> names, List<CorruptDataException> damaged) throws IOException {
        Set<String> marked = new HashSet<>();
        Map<String, Set<ChunkId>> decided = new HashMap<>();
        for (String name : names) {
            if (!isObjectName(name)) {
                continue;
            }
            String list = CondemnedLists.nameInForce(name);
            marked.add(list);
            if (name.startsWith(DECISION_PREFIX)) {
                try {
                    decision(list).ifPresent(packs -> decided.put(list, packs));
                } catch (CorruptDataException e) {
                    damaged.add(e);
                }
            }
        }
        return new State(marked, decided);
    }

    private Optional<Set<ChunkId>> decision(String list) throws IOException {
        String name = CondemnedLists.nameBeside(DECISION_PREFIX, list);
        try {
            JsonFields json = SealedJson.decode(WholeObject.read(backend, name, SealedJson.MAX_SIZE), name);
            json.number("format", 1, 1);
            Set<ChunkId> packs = new HashSet<>();
            for (JsonFields pack : json.objects("packs")) {
                packs.add(pack.id("id"));
            }
            return Optional.of(packs);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // the list was swept meanwhile, and is gone
        }
    }

    /** Marks a list, unless it is marked. */
    void mark(String list) throws IOException {
        publishOnce(
                CondemnedLists.nameBeside(MARK_PREFIX, list),
                SealedJson.newObject().put("format", 1));
    }

    /**
     * Decides for everybody which packs of a list are deleted.
     *
     * @return {@code packs}, or what was decided before
     */
    Set<ChunkId> decide(String list, Collection<ChunkId> packs) throws IOException {
        ObjectNode json = SealedJson.newObject().put("format", 1);
        ArrayNode ids = json.putArray("packs");
        packs.forEach(pack -> ids.addObject().put("id", pack.hex()));
        publishOnce(CondemnedLists.nameBeside(DECISION_PREFIX, list), json);
        return decision(list).orElse(Set.of());
    }

    private void publishOnce(String name, ObjectNode json) throws IOException {
        try {
            WholeObject.publish(backend, name, SealedJson.encode(json));
        } catch (FileAlreadyExistsException e) {
            // That of another sweep counts.
        }
    }

    /** Removes decision and mark of a list that is gone. */
    void remove(String list) throws IOException {
        for (String prefix : List.of(DECISION_PREFIX, MARK_PREFIX)) {
            try {
                backend.delete(CondemnedLists.nameBeside(prefix, list));
            } catch (NoSuchFileException e) {
                // Another sweep removed it.
            }
        }
    }
}
