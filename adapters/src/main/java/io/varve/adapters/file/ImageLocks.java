package io.varve.adapters.file;

import java.util.Optional;

/**
 * The locks by which programs of QEMU tell each other how they use an image: byte 100 + n for what one does with it,
 * byte 200 + n for what others must not do (n = 0 reads consistent data, 1 writes, 2 writes what is there already, 3
 * resizes). They reach other hosts where locks do, as on NFS.
 */
final class ImageLocks {
    private static final int USES = 100;
    private static final int REFUSALS = 200;
    private static final int WRITE = 1;
    private static final int RESIZE = 3;
    private static final int KINDS = 4;

    private ImageLocks() {}

    /** Who writes to the image, in words. */
    static Optional<String> writer(int descriptor) {
        return LinuxCalls.isLocked(descriptor, USES + WRITE, 1) || LinuxCalls.isLocked(descriptor, USES + RESIZE, 1)
                ? Optional.of("locked for writing by QEMU, such as a running machine")
                : Optional.empty();
    }

    /** Who uses the image in any way, in words. */
    static Optional<String> user(int descriptor) {
        Optional<String> writer = writer(descriptor);
        return writer.isEmpty()
                        && (LinuxCalls.isLocked(descriptor, USES, KINDS)
                                || LinuxCalls.isLocked(descriptor, REFUSALS, KINDS))
                ? Optional.of("locked for reading by QEMU, such as a running machine")
                : writer;
    }

    /**
     * Locks an image as one who writes to it and shares it with nobody: no program of QEMU opens it until the
     * descriptor is closed.
     */
    static void claim(int descriptor) {
        LinuxCalls.lockShared(descriptor, USES + WRITE, 1);
        LinuxCalls.lockShared(descriptor, REFUSALS, KINDS);
    }
}
