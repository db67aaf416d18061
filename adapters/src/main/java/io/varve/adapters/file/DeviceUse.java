package io.varve.adapters.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what uses a block device on Linux, directly or through its partitions and whatever is built on them (LVM, RAID,
 * encryption). Reads sysfs, the mount table, and the open files of all programs.
 */
final class DeviceUse {
    private final Path sys;
    private final MountTable mounts;
    private final OpenFiles openFiles;

    DeviceUse() {
        this(Path.of("/sys"), Path.of("/proc"));
    }

    /** As {@link #DeviceUse()}, with other directory trees, for tests. */
    DeviceUse(Path sys, Path proc) {
        this.sys = sys;
        this.mounts = new MountTable(proc);
        this.openFiles = new OpenFiles(proc);
    }

    /**
     * @param writers users that may write to the device
     * @param readers users that only read, or could write later; writing to the device would damage their data
     */
    record Uses(List<String> writers, List<String> readers) {
        List<String> all() {
            return together(writers, readers);
        }
    }

    /** Returns what uses {@code device}, in words. What this user may not see is missing. */
    Uses of(Path device) {
        Uses uses = BlockDevice.sysfs(sys, device).map(this::ofFolder).orElse(new Uses(List.of(), List.of()));
        Uses loops = loopsOver(device);
        return new Uses(together(uses.writers(), loops.writers()), together(uses.readers(), loops.readers()));
    }

    /** @param device its folder in sysfs */
    Uses ofFolder(Path device) {
        Map<String, String> family = new LinkedHashMap<>();
        Set<String> readers = new LinkedHashSet<>();
        collect(device, "", family, readers);
        Set<String> writers = new LinkedHashSet<>();
        for (MountTable.Mount mount : mounts.mounts()) {
            String on = family.get(mount.device());
            if (on == null && mount.source().startsWith("/dev/")) {
                on = family.get(numberOf(Path.of(mount.source())).orElse("none"));
            }
            if (on != null) {
                (mount.writable() ? writers : readers).add(on + mount.words());
            }
        }
        for (Path swap : mounts.swaps()) {
            String on = family.get(numberOf(swap).orElse("none"));
            if (on != null) {
                writers.add(on + "swapped to");
            }
        }
        List<String> numbers = new ArrayList<>(family.keySet());
        // A program that writes to the whole disk writes to its partitions.
        text(device.resolveSibling("dev")).ifPresent(numbers::add);
        writers.addAll(openFiles.writersOf(numbers));
        return new Uses(List.copyOf(writers), List.copyOf(readers));
    }

    /**
     * Collects a device, its partitions and what is built on them.
     *
     * @param prefix prefix of the words, which names the device if it is not the requested one
     */
    private void collect(Path device, String prefix, Map<String, String> family, Set<String> readers) {
        Optional<String> number = text(device.resolve("dev"));
        if (number.isEmpty() || family.putIfAbsent(number.get(), prefix) != null) {
            return;
        }
        for (Path holder : entries(device.resolve("holders"))) {
            String name = words(holder);
            readers.add(prefix + "part of " + name);
            collect(holder, name + ": ", family, readers);
        }
        for (Path part : entries(device)) {
            if (Files.exists(part.resolve("partition"))) {
                collect(part, "partition " + part.getFileName() + ": ", family, readers);
            }
        }
    }

    /** {@code vg-root (dm-0)}, {@code md127}. */
    private static String words(Path holder) {
        String name = holder.getFileName().toString();
        return text(holder.resolve("dm/name"))
                .map(given -> given + " (" + name + ")")
                .orElse(name);
    }

    private static Optional<String> numberOf(Path device) {
        try {
            return Files.readAttributes(device, "unix:rdev").get("rdev") instanceof Long rdev && rdev != 0
                    ? Optional.of(BlockDevice.number(rdev))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> together(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Returns loop devices over {@code file}, which may be a device, in words. */
    Uses loopsOver(Path file) {
        List<String> writers = new ArrayList<>();
        List<String> readers = new ArrayList<>();
        for (Path loop : entries(sys.resolve("block"))) {
            Optional<String> backing = text(loop.resolve("loop/backing_file"));
            if (backing.isPresent() && isSame(Path.of(backing.get()), file)) {
                Uses uses = ofFolder(loop);
                List<String> more = uses.all();
                String words = "content of the loop device /dev/" + loop.getFileName()
                        + (more.isEmpty() ? "" : " (" + String.join("; ", more) + ")");
                (text(loop.resolve("ro")).orElse("0").equals("0") ? writers : readers).add(words);
            }
        }
        return new Uses(writers, readers);
    }

    private static boolean isSame(Path backing, Path file) {
        try {
            return Files.isSameFile(backing, file);
        } catch (IOException e) {
            return false; // deleted, or in another container
        }
    }

    /** Whether Linux swaps to {@code file}. */
    boolean isSwap(Path file) {
        return mounts.swaps().stream().anyMatch(swap -> isSame(swap, file));
    }

    /** Returns the entries of a folder, sorted, with links resolved; none if it does not exist. */
    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path entry : all) {
                if (Files.isDirectory(entry)) {
                    entries.add(entry.toRealPath());
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        entries.sort(null);
        return entries;
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
