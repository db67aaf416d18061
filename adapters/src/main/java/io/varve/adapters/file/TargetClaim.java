package io.varve.adapters.file;

import io.varve.engine.port.TargetException;
import io.varve.engine.port.TargetInUseException;
import io.varve.store.fault.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The right to write to an existing file or block device. Nobody uses it when it is taken. Until it is closed, nobody
 * can mount the device ({@code O_EXCL}), and no QEMU program opens the file (its locks). On Windows nobody can open it
 * for writing while it is open as {@link #open} does it. Other Linux programs can still open the file.
 */
public final class TargetClaim implements Closeable {
    /** No right, for writing without one. */
    public static final TargetClaim NONE =
            new TargetClaim(-1, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));

    private final int descriptor;
    private final Set<OpenOption> opening;

    private TargetClaim(int descriptor, Set<OpenOption> opening) {
        this.descriptor = descriptor;
        this.opening = opening;
    }

    /** @throws TargetInUseException if {@code target} is in use */
    public static TargetClaim take(Path target) throws IOException {
        List<String> users = new ArrayList<>(FileUse.users(target));
        boolean device = BlockDevice.isDevice(target);
        if (!device) {
            windowsWriter(target).ifPresent(users::add);
        }
        if (!users.isEmpty()) {
            throw new TargetInUseException(target.toString(), users);
        }
        return new TargetClaim(device ? claimDevice(target) : claimFile(target), ShareMode.toWriteAlone());
    }

    /** Opens the target for reading and writing, in the way that this right requires. The caller closes it. */
    public FileChannel open(Path target) throws IOException {
        return FileChannel.open(target, opening);
    }

    /** Closed again at once, because on Windows not even this process could write while it is open. */
    private static Optional<String> windowsWriter(Path target) throws TargetException {
        try (ShareMode.Guard guard = ShareMode.guard(target)) {
            return guard.writer();
        } catch (IOException e) {
            throw new TargetException(target + ": cannot be opened: " + Reason.of(e), e);
        }
    }

    private static int claimDevice(Path target) throws TargetInUseException {
        int descriptor = LinuxCalls.isUsable() ? LinuxCalls.openExclusive(target) : -1;
        if (descriptor == LinuxCalls.BUSY) {
            throw new TargetInUseException(
                    target.toString(), List.of("claimed by another program just before it was to be written"));
        }
        return descriptor;
    }

    private static int claimFile(Path target) {
        int descriptor = LinuxCalls.isUsable() ? LinuxCalls.openToWrite(target) : -1;
        if (descriptor >= 0) {
            ImageLocks.claim(descriptor);
        }
        return descriptor;
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            LinuxCalls.close(descriptor);
        }
    }
}
