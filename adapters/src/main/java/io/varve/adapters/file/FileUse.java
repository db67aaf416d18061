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
 * Who uses a file or block device at this moment, in words for a message. On Linux; elsewhere the way a file can be
 * opened tells (see {@link ShareMode}). Nothing said means nobody, or nobody that can be seen from here.
 */
public final class FileUse {
    /** Here Linux refuses a lease for one reason alone: a writer. Network file systems have reasons of their own. */
    private static final Set<String> LEASES =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "tmpfs", "overlay");

    private static final Path PROC = Path.of("/proc");
    private static final String UNSEEN = "open for writing by a program not visible from here";

    private FileUse() {}

    /** Who may write to {@code path}. */
    public static List<String> writers(Path path) {
        return find(path, false);
    }

    /** Whose work would be ruined by writing to {@code path}: who may write to it, and who relies on its content. */
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
