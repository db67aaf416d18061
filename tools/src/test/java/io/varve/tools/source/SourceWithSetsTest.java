package io.varve.tools.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.engine.source.CheckpointSourceContract;
import io.varve.engine.source.MemoryHost;
import io.varve.engine.source.MemorySource;
import io.varve.engine.source.Steps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Both sources run nights and die at any step of either: nothing of one is left because of the other. */
class SourceWithSetsTest extends CheckpointSourceContract {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MARK = "mark";

    private static JsonNode parsed(String state) {
        try {
            return JSON.readTree(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source whose state is a JSON object, as that of a Hyper-V machine is. */
    private record InJson(CheckpointSource source) implements CheckpointSource {
        @Override
        public Checkpoint take(Previous previous) throws IOException {
            List<Previous.Night> nights = new ArrayList<>();
            for (Previous.Night night : previous.nights()) {
                nights.add(new Previous.Night(
                        night.snapshotId(),
                        night.startedAt(),
                        night.sourceState()
                                .map(state -> parsed(state).path(MARK).asText()),
                        night.disks()));
            }
            return new Frozen(source.take(new Previous(nights)));
        }
    }

    private record Frozen(Checkpoint inner) implements Checkpoint {
        @Override
        public List<CheckpointDisk> disks() {
            return inner.disks();
        }

        @Override
        public String consistency() {
            return inner.consistency();
        }

        @Override
        public Optional<UUID> machine() {
            return inner.machine();
        }

        @Override
        public List<CheckpointFile> files() {
            return inner.files();
        }

        @Override
        public Optional<String> sourceState() {
            return inner.sourceState()
                    .map(mark -> JSON.createObjectNode().put(MARK, mark).toString());
        }

        @Override
        public void finishReading() throws IOException {
            inner.finishReading();
        }

        @Override
        public void commit(String snapshotId) throws IOException {
            inner.commit(snapshotId);
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }

    @Override
    protected Machine newMachine() {
        MemoryHost host = new MemoryHost(new UUID(1, 1));
        MemoryHost server = new MemoryHost(new UUID(2, 2));
        return new Machine() {
            @Override
            public CheckpointSource source(Steps steps) {
                return new SourceWithSets(
                        Optional.of(new InJson(new MemorySource(host, steps))),
                        new MemorySource(server, steps),
                        new UUID(3, 3),
                        warning -> assertEquals("", warning));
            }

            @Override
            public void write(SplittableRandom random) {
                host.write(random);
                server.write(random);
            }

            @Override
            public byte[] disk() {
                return host.content();
            }

            @Override
            public void assertNothingIsLeft(Optional<String> state) {
                JsonNode both = parsed(state.orElseThrow());
                assertEquals(List.of(), host.checkpoints());
                assertEquals(List.of(), server.checkpoints());
                assertEquals(List.of(both.path(MARK).asText()), host.referencePoints());
                assertEquals(List.of(both.path("sets").asText()), server.referencePoints());
                assertTrue(host.foreignIsThere() && server.foreignIsThere());
            }
        };
    }

    private static CheckpointSource unreachable() {
        return previous -> {
            throw new IOException("the server does not answer");
        };
    }

    @Test
    void withoutItsSetsTheNightGoesOnAndSaysSo() throws IOException {
        MemoryHost host = new MemoryHost(new UUID(1, 1));
        List<String> warnings = new ArrayList<>();
        CheckpointSource source = new SourceWithSets(
                Optional.of(new InJson(new MemorySource(host, new Steps(0)))),
                unreachable(),
                new UUID(3, 3),
                warnings::add);
        try (Checkpoint checkpoint = source.take(new Previous(List.of()))) {
            assertEquals(1, checkpoint.disks().size());
            assertEquals("application", checkpoint.consistency());
        }
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).endsWith("the server does not answer"), warnings.get(0));
        assertEquals(List.of(), host.checkpoints());
    }

    @Test
    void setsAloneAreTheWholeNight() throws IOException {
        CheckpointSource source = new SourceWithSets(
                Optional.empty(), unreachable(), new UUID(3, 3), warning -> assertEquals("", warning));
        assertThrows(IOException.class, () -> source.take(new Previous(List.of())));
        MemoryHost server = new MemoryHost(new UUID(2, 2));
        try (Checkpoint checkpoint = new SourceWithSets(
                        Optional.empty(), new MemorySource(server, new Steps(0)), new UUID(3, 3), warning -> {})
                .take(new Previous(List.of()))) {
            assertEquals(server.checkpoints(), List.of(checkpoint.sourceState().orElseThrow()));
            assertEquals("crash", checkpoint.consistency());
        }
    }
}
