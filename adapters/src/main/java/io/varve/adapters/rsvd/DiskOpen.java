package io.varve.adapters.rsvd;

import io.varve.adapters.smb.wire.CreateContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** An open of a shared disk at its server. For any number of threads; {@code close} must not race with them. */
interface DiskOpen extends Closeable {
    /** Opens a disk, as often as one likes. */
    @FunctionalInterface
    interface Opener {
        /**
         * @param context what makes it an open of the disk: {@code OpenContext} or {@code AtSnapshot}
         * @throws IOException when the server refuses
         */
        DiskOpen open(CreateContext context) throws IOException;
    }

    /** What the server said when it was opened. */
    List<CreateContext> contexts();

    /**
     * The answer to a control code.
     *
     * @param status NT status of the request; 0 for success
     * @param output little-endian; empty if there is none
     */
    record Answer(int status, ByteBuffer output) {}

    /** Sends a control code; again, if the connection was lost meanwhile. */
    Answer control(int code, byte[] input, int mostOutput) throws IOException;

    /**
     * Reads bytes of the virtual disk, whole sectors, at most {@link #mostRead}.
     *
     * @param target its position moves behind what was read
     * @return NT status; 0 if something was read
     */
    int read(long offset, ByteBuffer target) throws IOException;

    /** Most bytes of one read. */
    int mostRead();

    /** Most bytes of the output of a control code. */
    int mostOutput();
}
