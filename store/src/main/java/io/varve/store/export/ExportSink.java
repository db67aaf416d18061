package io.varve.store.export;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives an export, from first byte to last. */
@FunctionalInterface
public interface ExportSink {
    /** Writes {@code bytes} from position to limit. */
    void write(ByteBuffer bytes) throws IOException;
}
