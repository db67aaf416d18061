package io.varve.engine.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.CheckpointSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class MemorySourceTest extends CheckpointSourceContract {
    @Override
    protected Machine newMachine() {
        MemoryHost host = new MemoryHost();
        return new Machine() {
            @Override
            public CheckpointSource source(Steps steps) {
                return new MemorySource(host, steps);
            }

            @Override
            public void write(SplittableRandom random) {
                host.write(random);
            }

            @Override
            public byte[] disk() {
                return host.content();
            }

            @Override
            public void assertNothingIsLeft(Optional<String> state) {
                assertEquals(List.of(), host.checkpoints());
                assertEquals(List.of(state.orElseThrow()), host.referencePoints());
                assertTrue(host.foreignIsThere());
            }
        };
    }
}
