package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Mode;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.source.CheckpointSourceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Shadow copies that a worker process plays; under wine {@code VssSourceUnderWine} does the same with Windows' calls.
 */
@Tag("long") // each night starts a process
@DisabledOnOs(OS.WINDOWS)
class VssSourceTest extends CheckpointSourceContract {
    private static final VssWorkerProcess.Timing TIMING = new VssWorkerProcess.Timing(60, 60, 20);

    @Override
    protected Machine newMachine() throws IOException {
        PlayedHost host = new PlayedHost(Files.createTempDirectory(temp, "host"));
        return new VssMachine(host.machine()) {
            @Override
            CheckpointSource newSource() {
                return host.source(TIMING);
            }

            @Override
            void processDies() throws IOException {
                host.dies();
            }

            @Override
            public void assertNothingIsLeft(Optional<String> state) {
                try {
                    assertTrue(host.areWorkersGone(), "a worker lives on");
                    assertEquals(0, host.shadowCopies());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                assertEquals(List.of(), host.notices);
            }
        };
    }

    /** There is no change list. */
    @Override
    protected Mode laterMode() {
        return Mode.FULL;
    }
}
