package io.varve.engine.crash;

import io.varve.engine.crash.RecordedOperations.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a disk holds after a power cut behind some prefix of the recorded operations. Data that was not synced and names
 * whose directory was not synced are lost, kept, or torn.
 */
final class CrashedFileSystem {
    /** What becomes of what was not synced. */
    enum Unsynced {
        /** All of it reached the disk: a killed process, not a power cut. */
        KEPT,
        /** None of it did. */
        LOST,
        /** Each file to some point, with garbage behind; each name or not. */
        TORN
    }

    private static final class Inode {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private int synced;
    }

    /** A name that came or went. */
    private record Change(Path name, Inode inode) {}

    private final Map<Path, Inode> names = new TreeMap<>();
    private final Map<Path, Inode> durableNames = new TreeMap<>();
    private final Map<Path, List<Change>> unsyncedChanges = new HashMap<>();

    CrashedFileSystem(List<Operation> prefix) {
        prefix.forEach(this::apply);
    }

    private void apply(Operation operation) {
        if (operation instanceof Operation.Create create) {
            change(create.file(), new Inode());
        } else if (operation instanceof Operation.Append append) {
            Inode inode = names.get(append.file());
            append.bytes().forEach(value -> inode.content.write(value));
        } else if (operation instanceof Operation.Sync sync) {
            Inode inode = names.get(sync.file());
            inode.synced = inode.content.size();
        } else if (operation instanceof Operation.Publish publish) {
            change(publish.name(), names.get(publish.staged()));
            change(publish.staged(), null);
        } else if (operation instanceof Operation.Link link) {
            change(link.name(), names.get(link.file()));
        } else if (operation instanceof Operation.Delete delete) {
            change(delete.file(), null);
        } else if (operation instanceof Operation.SyncDirectory sync) {
            for (Change change : unsyncedChanges.getOrDefault(sync.directory(), List.of())) {
                set(durableNames, change);
            }
            unsyncedChanges.remove(sync.directory());
        }
    }

    private void change(Path name, Inode inode) {
        Change change = new Change(name, inode);
        set(names, change);
        unsyncedChanges
                .computeIfAbsent(name.getParent() == null ? Path.of("") : name.getParent(), none -> new ArrayList<>())
                .add(change);
    }

    private static void set(Map<Path, Inode> names, Change change) {
        if (change.inode == null) {
            names.remove(change.name);
        } else {
            names.put(change.name, change.inode);
        }
    }

    /** Writes what is left into an empty directory. */
    void materialize(Path root, Unsynced unsynced, SplittableRandom random) throws IOException {
        Map<Path, Inode> left = new TreeMap<>(unsynced == Unsynced.KEPT ? names : durableNames);
        if (unsynced == Unsynced.TORN) {
            unsyncedChanges
                    .values()
                    .forEach(changes -> changes.stream()
                            .filter(change -> random.nextBoolean())
                            .forEach(change -> set(left, change)));
        }
        for (String directory : new String[] {"packs", "snapshots", "sessions", "tmp"}) {
            Files.createDirectories(root.resolve(directory));
        }
        for (Map.Entry<Path, Inode> entry : left.entrySet()) {
            Path file = root.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, contentOf(entry.getValue(), unsynced, random));
        }
    }

    private static byte[] contentOf(Inode inode, Unsynced unsynced, SplittableRandom random) {
        byte[] all = inode.content.toByteArray();
        return switch (unsynced) {
            case KEPT -> all;
            case LOST -> java.util.Arrays.copyOf(all, inode.synced);
            case TORN -> {
                int length = inode.synced + random.nextInt(all.length - inode.synced + 1);
                byte[] torn = java.util.Arrays.copyOf(all, length);
                for (int i = inode.synced + (length - inode.synced) / 2; i < length; i++) {
                    torn[i] = (byte) random.nextInt();
                }
                yield torn;
            }
        };
    }
}
