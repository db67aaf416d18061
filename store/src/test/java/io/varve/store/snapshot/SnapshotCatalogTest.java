package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                Optional.empty(),
                Optional.empty());
    }

    private Snapshot publish(String machine, Instant startedAt, long sequence, Optional<SnapshotId> parent)
            throws IOException {
        Manifest bare = manifest(machine, startedAt);
        return catalog.publish(new Manifest(
                bare.repositoryId(),
                machine,
                Optional.empty(),
                "host",
                startedAt,
                startedAt,
                "crash",
                List.of(),
                List.of(),
                "test",
                parent,
                Optional.empty(),
                Optional.of(sequence)));
    }

    private Optional<Snapshot> newest(String machine, HeadMemory memory) throws IOException {
        read.clear();
        return new SnapshotCatalog(backend, new PlainProtection(), memory, ManifestRule.none(), false)
                .newest(machine, damaged::add);
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
    void theNewestIsFoundWithoutReadingTheYearsBefore(@TempDir Path home) throws IOException {
        for (int night = 0; night < 100; night++) {
            Instant time = NIGHT.minus(Duration.ofDays(100 - night));
            for (String machine : List.of("a", "b", "c")) {
                catalog.publish(manifest(machine, time));
            }
        }
        Snapshot last = publish("a", NIGHT, "20261121T020000Z-00000000");
        HeadMemory memory = new HeadMemory(home.resolve("1.txt"));
        assertEquals(Optional.of(last), newest("a", memory));
        assertEquals(301, read.size(), "this computer has seen none of them");
        for (HeadMemory known : List.of(memory, new HeadMemory(home.resolve("1.txt")))) {
            assertEquals(Optional.of(last), newest("a", known));
            assertEquals(Set.of(last.id().objectName()), read);
        }
        Snapshot other = publish("b", NIGHT, "20261121T020000Z-00000001");
        assertEquals(Optional.of(other), newest("b", memory));
        assertEquals(Set.of(other.id().objectName()), read);
        assertEquals(Optional.empty(), newest("another", memory));
        assertEquals(Set.of(), read);
        assertTrue(damaged.isEmpty());
    }

    /** Nights of one machine, the clock of some of them years ahead: numbers decide, and one manifest is read. */
    @Tag("long")
    @Test
    void amongTenThousandOneIsRead(@TempDir Path home) throws IOException {
        Optional<SnapshotId> parent = Optional.empty();
        Snapshot last = null;
        for (int night = 0; night < 10_000; night++) {
            boolean isWrong = night % 1000 == 500; // the clock was years ahead
            Instant time = NIGHT.minus(Duration.ofDays(10_000 - night - (isWrong ? 30_000 : 0)));
            last = publish("a", time, night + 1, parent);
            parent = Optional.of(last.id());
        }
        HeadMemory memory = new HeadMemory(home.resolve("1.txt"));
        assertEquals(Optional.of(last), newest("a", memory));
        assertEquals(10_000, read.size(), "this computer has seen none of them");
        for (HeadMemory known : List.of(memory, new HeadMemory(home.resolve("1.txt")))) {
            assertEquals(Optional.of(last), newest("a", known));
            assertEquals(Set.of(last.id().objectName()), read);
        }
    }

    @Test
    void aTornOrForeignMemoryOnlyCostsReading(@TempDir Path home) throws IOException {
        Snapshot first = publish("a\tb\n%", NIGHT, "20261121T020000Z-00000000");
        HeadMemory memory = new HeadMemory(home.resolve("1.txt"));
        assertEquals(Optional.of(first), newest("a\tb\n%", memory));
        Path file = home.resolve("1.txt");
        byte[] whole = Files.readAllBytes(file);
        assertEquals(Optional.of(first), newest("a\tb\n%", new HeadMemory(home.resolve("1.txt"))));
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            assertEquals(Optional.of(first), newest("a\tb\n%", new HeadMemory(home.resolve("1.txt"))), "cut at " + cut);
        }
    }

    @Test
    void aNightWithAWrongClockIsNotTheLatestForEver() throws IOException {
        Snapshot ahead = publish("a", NIGHT.plus(Duration.ofHours(10)), 1, Optional.empty());
        Snapshot next = publish("a", NIGHT.plus(Duration.ofHours(1)), 2, Optional.of(ahead.id()));
        SnapshotCatalog.Next place = catalog.next("a", damaged::add);
        assertEquals(Optional.of(next), place.previous());
        assertEquals(Optional.of(3L), place.sequence());
        assertEquals(List.of(ahead, next), catalog.list().snapshots());
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
