package io.varve.adapters.vss;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.vss.message.Reply.FileSpec;
import io.varve.adapters.vss.message.Reply.Machine;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What a machine consists of: disks, of which only the last file of each chain of differencing disks is one, and
 * configuration.
 */
final class MachineFiles {
    private static final Set<String> DISKS = Set.of("vhd", "vhdx", "avhd", "avhdx", "vhds");

    /** Windows' change tracking, which a restore must not bring back. */
    private static final Set<String> LEFT_OUT = Set.of("rct", "mrt");

    private final String machine;
    private final List<SourceFile> disks;
    private final List<CheckpointFile> configuration;

    private MachineFiles(String machine, List<SourceFile> disks, List<CheckpointFile> configuration) {
        this.machine = machine;
        this.disks = disks;
        this.configuration = configuration;
    }

    static MachineFiles of(Machine machine, ShadowCopies copies) throws IOException {
        Map<String, SourceFile> all = new LinkedHashMap<>(); // the writer may name a file twice
        for (FileSpec spec : machine.files()) {
            for (SourceFile file : copies.files(spec)) {
                all.putIfAbsent(file.location(), file);
            }
        }
        List<SourceFile> disks = new ArrayList<>();
        List<CheckpointFile> configuration = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SourceFile file : all.values()) {
            String ending = ending(file.name());
            if (DISKS.contains(ending)) {
                disks.add(file);
            } else if (!LEFT_OUT.contains(ending)) {
                String name = names.add(file.name()) ? file.name() : ShadowCopies.relative(file);
                names.add(name);
                configuration.add(new ShadowedFile(name, file));
            }
        }
        String words = machine.displayName().isEmpty() ? machine.id().toString() : machine.displayName();
        return new MachineFiles(words, disks, configuration);
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    List<CheckpointFile> configuration() {
        return configuration;
    }

    /**
     * Opens the disks. When one cannot be opened, or its parent is in none of the shadow copies, none stays open.
     *
     * @param notices told of what is unusual about the machine
     */
    List<CheckpointDisk> openDisks(ShadowDisk.Guard guard, Consumer<String> notices) throws IOException {
        if (disks.isEmpty()) {
            throw new IOException("machine " + machine + ": the Hyper-V writer names no file of a virtual disk."
                    + " Pass-through disks, and disks that the guest attaches itself (iSCSI), are not included"
                    + " in such a backup");
        }
        Map<String, DiskImage> opened = new LinkedHashMap<>();
        try {
            Set<String> parents = new HashSet<>();
            for (SourceFile disk : disks) {
                // A parent may be in any folder, but only of a shadow copy: the folders know no other place.
                DiskImage image = DiskImages.open(disk, SourceFormat.AUTO, new ParentSearch(List.of(), true));
                opened.put(disk.location(), image);
                List<String> chain = DiskImages.files(image);
                parents.addAll(chain.subList(1, chain.size()));
            }
            for (String parent : parents) {
                DiskImage image = opened.remove(parent);
                if (image != null) {
                    image.close();
                }
            }
            return named(List.copyOf(opened.values()), guard, notices);
        } catch (IOException | RuntimeException e) {
            try {
                LayeredDisk.closeAll(List.copyOf(opened.values()));
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Each disk is called by its oldest file, whose name stays when checkpoints come and go. */
    private static List<CheckpointDisk> named(
            List<DiskImage> leaves, ShadowDisk.Guard guard, Consumer<String> notices) {
        List<CheckpointDisk> found = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<UUID, String> ids = new HashMap<>();
        for (DiskImage leaf : leaves) {
            List<String> chain = DiskImages.files(leaf);
            String base = baseName(chain.get(chain.size() - 1));
            String own = baseName(leaf.location());
            String name = names.add(base) ? base : own;
            for (int i = 2; !name.equals(base) && !names.add(name); i++) {
                name = own + "-" + i;
            }
            String twin =
                    leaf.guid().map(id -> ids.putIfAbsent(id, leaf.location())).orElse(null);
            if (twin != null) {
                notices.accept(leaf.location() + " and " + twin + " are states of one disk, as a tree of checkpoints"
                        + " has them; both are backed up");
            }
            found.add(new CheckpointDisk(name, false, new ShadowDisk(leaf, guard), ChangeTracker.none()));
        }
        return found;
    }

    private static String baseName(String location) {
        String name = location.substring(Math.max(location.lastIndexOf('\\'), location.lastIndexOf('/')) + 1);
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
