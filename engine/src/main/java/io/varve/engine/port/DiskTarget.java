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

    /** The target's name in messages. */
    String location();

    /** Writes {@code source} from position to limit at {@code offset} of the virtual disk. The buffer is not kept. */
    void write(long offset, ByteBuffer source) throws IOException;

    /** Makes {@code range} read as zeros, in the cheapest way the target supports. */
    void zero(Range range) throws IOException;

    /** Makes everything durable, then the target visible under its final name. Nothing may be written afterwards. */
    void commit() throws IOException;

    /** Releases the target. If {@code commit} was not called, removes the data written. */
    @Override
    void close() throws IOException;
}
