package io.varve.adapters.windows;

import io.varve.adapters.contract.ByteSourceContract;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Needs Windows' file calls; {@code -Pwindows-it} runs it under wine. */
class WindowsSourceUnderWine extends ByteSourceContract {
    @Override
    protected ByteSource source(byte[] content) throws IOException {
        Path file = Files.write(Files.createTempFile("source", ".bin"), content);
        return WindowsSource.open(WindowsFiles.load(), "\\\\?\\" + file.toRealPath());
    }
}
