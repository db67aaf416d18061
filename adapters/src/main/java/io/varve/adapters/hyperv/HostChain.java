package io.varve.adapters.hyperv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which files a disk of the host consists of, and whether a merge is still to come. */
final class HostChain {
    private static final int DEEPEST = 128;

    private HostChain() {}

    /** The files of a disk: {@code leaf} first, its parents after it, as paths of the host. */
    static List<String> of(HyperV host, String leaf) throws IOException {
        List<String> files = new ArrayList<>(List.of(leaf));
        for (String file = leaf; ; ) {
            Optional<String> parent = host.settings(file).parent();
            if (parent.isEmpty()) {
                return files;
            }
            if (files.size() == DEEPEST || contains(files, parent.get())) {
                throw new HyperVException(
                        0, host.host() + ": " + leaf + ": a chain of parents without an end, at " + parent.get());
            }
            file = parent.get();
            files.add(file);
        }
    }

    /** Windows' paths ignore case. */
    static boolean contains(List<String> files, String wanted) {
        return files.stream().anyMatch(file -> file.equalsIgnoreCase(wanted));
    }

    /**
     * Files that the machine still writes to although the checkpoint they were made for is gone: their merge is under
     * way, or was given up.
     */
    static List<String> unmerged(HyperV host, UUID machine) throws IOException {
        Set<String> frozen = new HashSet<>();
        for (HostCheckpoint checkpoint : host.checkpoints(machine)) {
            for (CheckpointedDisk disk : host.disks(checkpoint)) {
                frozen.add(disk.file().toLowerCase(Locale.ROOT));
            }
        }
        List<String> unmerged = new ArrayList<>();
        for (CheckpointedDisk live : host.liveDisks(machine)) {
            String name = live.file().toLowerCase(Locale.ROOT);
            if (name.endsWith(".avhdx") || name.endsWith(".avhd")) {
                Optional<String> parent = host.settings(live.file()).parent();
                if (parent.isEmpty() || !frozen.contains(parent.get().toLowerCase(Locale.ROOT))) {
                    unmerged.add(live.file());
                }
            }
        }
        return unmerged;
    }
}
