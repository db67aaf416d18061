package io.varve.engine.port;

import io.varve.engine.range.Range;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a restore writes a disk. A new target reads as zeros before the first write and is not visible under its final
 * name before {@link #commit()}.
 *
 * <p>Threading: {@code write} and {@code zero} may be called from many threads at once, on ranges that do not overlap.
 * {@code commit} and {@code close} must not race with them.
 */
public interface DiskTarget extends Closeable {
    /** Bytes of the virtual disk that can be written. */
    long size();

    /** What an operator would call this target in a message. */
    String location();

    /** Writes {@code source} from position to limit at {@code offset} of the virtual disk. The buffer is not kept. */
    void write(long offset, ByteBuffer source) throws IOException;

    /** Makes {@code range} read as zeros, by the cheapest means the target has. */
    void zero(Range range) throws IOException;

    /** Makes everything durable, then the target visible under its final name. Nothing may be written afterwards. */
    void commit() throws IOException;

    /** Releases the target; without a {@code commit} before it, removes what was written. */
    @Override
    void close() throws IOException;
}
