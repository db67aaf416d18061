package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.engine.backup.Mode;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.source.CheckpointSourceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** Shadow copies as the stand-in for {@code vssapi.dll} takes them; {@code -Pwindows-it} runs it under wine. */
@Tag("long") // minutes: each night starts a Java under wine
class VssSourceUnderWine extends CheckpointSourceContract {
    @Override
    protected Machine newMachine() throws IOException {
        Path volume = Files.createTempDirectory(temp.toRealPath(), "volume");
        Path folder = Files.createDirectories(volume.resolve("vm"));
        VssHost host = new VssHost(volume);
        host.web("Online");
        host.file(folder, "*", true);
        return new VssMachine(folder) {
            @Override
            CheckpointSource newSource() throws IOException {
                return host.source(false);
            }

            @Override
            void processDies() throws IOException {
                host.worker().getOutputStream().close();
            }

            @Override
            public void assertNothingIsLeft(Optional<String> state) {
                try {
                    host.assertNoShadowCopies();
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
