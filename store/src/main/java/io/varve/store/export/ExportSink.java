package io.varve.store.export;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where an export goes, from its first byte to its last. */
@FunctionalInterface
public interface ExportSink {
    /** Takes {@code bytes} from position to limit. */
    void write(ByteBuffer bytes) throws IOException;
}
