package io.varve.adapters.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds who uses a file or block device at this moment, in words for messages. Works on Linux; on Windows see
 * {@link ShareMode}. An empty answer means that there is no user that this process can see.
 */
public final class FileUse {
    /**
     * File systems on which Linux refuses a lease only because of a writer. Network file systems have other reasons.
     */
    private static final Set<String> LEASES =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "tmpfs", "overlay");

    private static final Path PROC = Path.of("/proc");
    private static final String UNSEEN = "open for writing by a program not visible from here";

    private FileUse() {}

    /** Returns who may write to {@code path}. */
    public static List<String> writers(Path path) {
        return find(path, false);
    }

    /**
     * Returns whose data would be damaged by writing to {@code path}: programs that may write to it, and programs that
     * rely on its content.
     */
    public static List<String> users(Path path) {
        return find(path, true);
    }

    private static List<String> find(Path path, boolean readersToo) {
        try {
            if (!Files.isReadable(PROC.resolve("self/mountinfo")) || !Files.exists(path)) {
                return List.of();
            }
            return BlockDevice.isDevice(path) ? ofDevice(path, readersToo) : ofFile(path, readersToo);
        } catch (IOException e) {
            return List.of(); // vanished; opening it will say so
        }
    }

    private static List<String> ofDevice(Path device, boolean readersToo) {
        DeviceUse.Uses uses = new DeviceUse().of(device);
        if (uses.all().isEmpty()) {
            int claim = LinuxCalls.isUsable() ? LinuxCalls.openExclusive(device) : -1;
            if (claim == LinuxCalls.BUSY) {
                return List.of("held by a file system or program not visible from here");
            }
            if (claim >= 0) {
                LinuxCalls.close(claim);
            }
        }
        return readersToo ? uses.all() : uses.writers();
    }

    private static List<String> ofFile(Path file, boolean readersToo) throws IOException {
        DeviceUse devices = new DeviceUse();
        Set<String> found = new LinkedHashSet<>();
        if (devices.isSwap(file)) {
            found.add("swapped to");
        }
        DeviceUse.Uses loops = devices.loopsOver(file);
        found.addAll(readersToo ? loops.all() : loops.writers());
        Optional<Boolean> written = Optional.empty();
        int descriptor = LinuxCalls.isUsable() ? LinuxCalls.open(file) : -1;
        if (descriptor >= 0) {
            try {
                (readersToo ? ImageLocks.user(descriptor) : ImageLocks.writer(descriptor)).ifPresent(found::add);
                if (LEASES.contains(Files.getFileStore(file).type())) {
                    written = LinuxCalls.isOpenForWriting(descriptor);
                }
            } finally {
                LinuxCalls.close(descriptor);
            }
        }
        if (written.orElse(true)) {
            List<String> programs = new OpenFiles(PROC).writersOf(file);
            if (programs.isEmpty() && written.isPresent() && found.isEmpty()) {
                found.add(UNSEEN);
            }
            found.addAll(programs);
        }
        return new ArrayList<>(found);
    }
}
