package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.CorruptDataException;
import io.varve.store.backend.MemoryBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SnapshotCatalogTest {
    private static final Instant NIGHT = Instant.parse("2026-11-21T02:00:00Z");

    private final Set<String> read = new TreeSet<>();
    private final List<CorruptDataException> damaged = new ArrayList<>();
    private final MemoryBackend backend = new MemoryBackend() {
        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            read.add(name);
            super.read(name, offset, target);
        }
    };
    private final SnapshotCatalog catalog = new SnapshotCatalog(backend);

    private static Manifest manifest(String machine, Instant startedAt) {
        return new Manifest(
                new UUID(1, 2),
                machine,
                Optional.empty(),
                "host",
                startedAt,
                startedAt,
                "crash",
                List.of(),
                List.of(),
                "test",
                Optional.empty(),
                Optional.empty());
    }

    private Snapshot publish(String machine, Instant startedAt, String id) throws IOException {
        return catalog.publish(manifest(machine, startedAt), new SnapshotId(id));
    }

    private Optional<Snapshot> newest(String machine) throws IOException {
        read.clear();
        damaged.clear();
        return catalog.newest(machine, damaged::add);
    }

    @Test
    void theNewestIsFoundWithoutReadingTheYearsBefore() throws IOException {
        assertEquals(Optional.empty(), newest("a"));
        for (int night = 0; night < 100; night++) {
            Instant time = NIGHT.minus(Duration.ofDays(100 - night));
            for (String machine : List.of("a", "b", "c")) {
                catalog.publish(manifest(machine, time));
            }
        }
        Snapshot last = publish("a", NIGHT, "20261121T020000Z-00000000");
        assertEquals(Optional.of(last), newest("a"));
        // The second it was taken in is read to its end, nothing before that.
        assertEquals(Set.of(last.id().objectName()), read);
        assertEquals(
                NIGHT.minus(Duration.ofDays(1)),
                newest("b").orElseThrow().manifest().startedAt());
        assertEquals(4, read.size());
        assertEquals(Optional.empty(), newest("another"));
        assertEquals(301, read.size());
        assertTrue(damaged.isEmpty());
    }

    @Test
    void withinASecondTheManifestTellsWhichIsNewest() throws IOException {
        Snapshot later = publish("a", NIGHT.plusMillis(900), "20261121T020000Z-00000001");
        publish("a", NIGHT.plusMillis(100), "20261121T020000Z-00000002");
        publish("b", NIGHT.plusMillis(950), "20261121T020000Z-00000003");
        assertEquals(Optional.of(later), newest("a"));
        assertEquals("b", catalog.list().snapshots().get(2).manifest().machine());
    }

    @Test
    void aDamagedOneIsToldAndTheOneBeforeItIsTheNewest() throws IOException {
        Snapshot first = publish("a", NIGHT.minusSeconds(7), "20261121T015953Z-00000001");
        Snapshot second = publish("a", NIGHT, "20261121T020000Z-00000002");
        backend.put(second.id().objectName(), new byte[] {'{'});
        backend.put("snapshots/stray.txt", new byte[0]);
        assertEquals(Optional.of(first), newest("a"));
        assertEquals(1, damaged.size());
    }
}
