package io.varve.adapters.vss;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk in a shadow copy. When the shadow copy's storage overflows, Windows deletes the copy, so what was read is void
 * if the copy is gone after the last read.
 */
final class ShadowDisk extends ForwardingImage {
    private final Guard guard;

    /** Says whether the shadow copies are still there. For any number of threads. */
    @FunctionalInterface
    interface Guard {
        /** @throws IOException when they are gone, or it is unknown */
        void checkIntact() throws IOException;
    }

    /** @param image closed with this */
    ShadowDisk(DiskImage image, Guard guard) {
        super(image);
        this.guard = guard;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        try {
            super.read(offset, target);
        } catch (IOException e) {
            throw new IOException(
                    Reason.of(e) + ". If the storage of the shadow copy overflowed, give the volume more (vssadmin"
                            + " resize shadowstorage)",
                    e);
        }
    }

    @Override
    public void checkUnchanged() throws IOException {
        super.checkUnchanged();
        guard.checkIntact();
    }
}
