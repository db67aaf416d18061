package io.varve.store.trash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CondemnedPacksTest {
    private final MemoryBackend backend = new MemoryBackend();
    private final CondemnedLists lists = new CondemnedLists(backend);

    /** A list that cannot be read again would condemn nothing, and stop every collection to come. */
    @Test
    void theLongestListCanBeReadAgain() throws IOException {
        List<ChunkId> packs = new ArrayList<>();
        for (int i = 0; i < CondemnedPacks.MOST; i++) {
            packs.add(new ChunkHasher().id(ByteBuffer.allocate(4).putInt(i).array()));
        }
        List<String> snapshots = Collections.nCopies(50_000, "20261121T020000Z-1f3a9c2e");
        lists.putIntoForce(lists.propose(packs, 1, snapshots));
        List<CorruptDataException> damaged = new ArrayList<>();
        CondemnedPacks list = lists.list(damaged).get(0);
        assertEquals(List.of(), damaged);
        assertEquals(packs.size(), list.packs().size());
        assertEquals(snapshots, list.snapshots());
        packs.addAll(List.copyOf(packs));
        assertThrows(IllegalArgumentException.class, () -> lists.propose(packs, 1, snapshots));
    }

    /** Found on reading, before anything that the list says is done. */
    @Test
    void anIdThatIsNoneIsDamage() throws IOException {
        ObjectNode json = SealedJson.newObject().put("format", 1).put("bytes", 1);
        json.put("condemnedAt", "2026-11-21T02:00:00Z").putArray("packs");
        ArrayNode snapshots = json.putArray("snapshots");
        snapshots.addObject().put("id", "../../keys");
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(SealedJson.encode(json)));
            object.publish("trash/condemned-6f7a6b64-0000-4000-8000-000000000000.json");
        }
        List<CorruptDataException> damaged = new ArrayList<>();
        assertEquals(List.of(), lists.list(damaged));
        assertEquals(1, damaged.size());
    }
}
