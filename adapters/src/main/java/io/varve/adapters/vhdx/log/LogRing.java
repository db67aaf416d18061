package io.varve.adapters.vhdx.log;

import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The log as a ring of sectors of 4 KiB (MS-VHDX 2.3). Positions are bytes from the beginning of the log. At most
 * {@value #WINDOW} bytes of it are in memory. For one thread.
 */
final class LogRing {
    static final int SECTOR = 4 * VhdxFormat.KIB;

    private static final int WINDOW = 256 * VhdxFormat.KIB;

    private final ByteSource source;
    private final Region log;
    private ByteBuffer window;
    private long windowAt = -1;

    /** @param log region of the log, in whole MiB and inside the file */
    LogRing(ByteSource source, Region log) {
        this.source = source;
        this.log = log;
    }

    long length() {
        return log.length();
    }

    /** Returns the sector at {@code position}, a multiple of 4 KiB, which wraps around at the end of the ring once. */
    ByteBuffer sector(long position) throws IOException {
        long inRing = position % log.length();
        long wanted = inRing / WINDOW * WINDOW;
        if (wanted != windowAt) {
            windowAt = -1;
            window = StructureReader.read(source, log.offset() + wanted, WINDOW, "part of the log");
            windowAt = wanted;
        }
        return window.slice((int) (inRing - wanted), SECTOR).order(window.order());
    }

    /** Returns the offset in the file of the sector at {@code position}. */
    long fileOffset(long position) {
        return log.offset() + position % log.length();
    }
}
