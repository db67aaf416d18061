package io.varve.adapters.file;

import java.util.Optional;

/**
 * The file locks by which QEMU programs coordinate the use of an image: byte 100 + n for what the holder does, byte 200
 * + n for what others must not do (n = 0 reads consistent data, 1 writes, 2 writes unchanged data, 3 resizes). They
 * work across hosts if file locks do, as on NFS.
 */
final class ImageLocks {
    private static final int USES = 100;
    private static final int REFUSALS = 200;
    private static final int WRITE = 1;
    private static final int RESIZE = 3;
    private static final int KINDS = 4;

    private ImageLocks() {}

    /** Returns who writes to the image, in words. */
    static Optional<String> writer(int descriptor) {
        return LinuxCalls.isLocked(descriptor, USES + WRITE, 1) || LinuxCalls.isLocked(descriptor, USES + RESIZE, 1)
                ? Optional.of("locked for writing by QEMU, such as a running machine")
                : Optional.empty();
    }

    /** Returns who uses the image in any way, in words. */
    static Optional<String> user(int descriptor) {
        Optional<String> writer = writer(descriptor);
        return writer.isEmpty()
                        && (LinuxCalls.isLocked(descriptor, USES, KINDS)
                                || LinuxCalls.isLocked(descriptor, REFUSALS, KINDS))
                ? Optional.of("locked for reading by QEMU, such as a running machine")
                : writer;
    }

    /** Locks an image as an exclusive writer. No QEMU program opens it until the descriptor is closed. */
    static void claim(int descriptor) {
        LinuxCalls.lockShared(descriptor, USES + WRITE, 1);
        LinuxCalls.lockShared(descriptor, REFUSALS, KINDS);
    }
}
