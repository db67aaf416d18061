package io.varve.engine.port;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Transport axis of a target: a new file under construction, wherever it will lie. It has another name until it is
 * published, so that a file with the final name is always complete. New bytes read as zeros.
 *
 * <p>Threading: {@code write}, {@code writeZeros} and {@code read} may be called from many threads at once; nothing
 * else may race with them. After a failed write the file can only be closed.
 */
public interface ByteTarget extends Closeable {
    /** Makes such files. */
    @FunctionalInterface
    interface Maker {
        /** @param sparse whether parts that were not written should take no space, where that has to be said */
        ByteTarget make(boolean sparse) throws IOException;
    }

    /** The final name, in messages: a path or URL. */
    String location();

    /** Sets the length of the file in bytes. Added bytes read as zeros. */
    void setLength(long length) throws IOException;

    /** Writes {@code source} from position to limit at {@code offset} of the file. */
    void write(long offset, ByteBuffer source) throws IOException;

    /** Makes bytes read as zeros. */
    void writeZeros(long offset, long length) throws IOException;

    /** Reads what was written. */
    void read(long offset, ByteBuffer target) throws IOException;

    /** Makes what was written so far durable. The file keeps its preliminary name. */
    void flush() throws IOException;

    /** What was written, to be looked at before it is published; the caller closes it. */
    ByteSource openAgain() throws IOException;

    /**
     * Makes the file durable and then gives it its final name. Afterwards only {@code close} may be called.
     *
     * @throws TargetException if it was not published; the name then refers to what it did before
     * @throws IOException if it may have been, but it is not certain that it stays
     */
    void publish() throws IOException;

    /** Closes the file, and deletes it unless it was published. */
    @Override
    void close() throws IOException;
}
