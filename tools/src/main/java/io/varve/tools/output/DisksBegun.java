package io.varve.tools.output;

import io.varve.store.fault.Count;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the progress of a backup is about: the disks that have begun since none was being read, and the bytes they come
 * to. A disk counts as planned while it is being read, and then as what was read of it, since an audit reads more and a
 * disk that is read again was not read to its end. Not thread-safe.
 */
public final class DisksBegun {
    private static final class Reading {
        private final long planned;
        private long read;

        Reading(long planned) {
            this.planned = planned;
        }
    }

    private final Map<String, Reading> running = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private long total;

    /** @param planned bytes to read */
    public void begin(String disk, long planned) {
        running.put(disk, new Reading(planned));
        names.add(disk);
        total += planned;
    }

    public void read(String disk, long bytes) {
        running.get(disk).read += bytes;
    }

    /** The disk is done, or about to begin again; nothing happens if it has not begun. */
    public void end(String disk) {
        Reading reading = running.remove(disk);
        if (reading != null) {
            total += reading.read - reading.planned;
        }
        if (running.isEmpty()) {
            names.clear();
            total = 0;
        }
    }

    /** Whether no disk is being read. */
    public boolean isEmpty() {
        return running.isEmpty();
    }

    /** Bytes they come to, all together. */
    public long total() {
        return total;
    }

    /** What to call them: one by its name. */
    public String title() {
        return names.size() == 1 ? names.iterator().next() : Count.of(names.size(), "disk");
    }
}
