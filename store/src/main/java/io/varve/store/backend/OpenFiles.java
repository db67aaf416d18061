package io.varve.store.backend;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the most recently read files open, so that reading many chunks of few packs costs few opens. Thread-safe: a
 * file in use is never closed, so up to (limit + threads) are open at a time.
 */
final class OpenFiles implements Closeable {
    private final int limit;
    private final LinkedHashMap<Path, Entry> idle = new LinkedHashMap<>();
    private final Map<Path, Entry> inUse = new HashMap<>();
    private final Opener opener;

    /** @param opener opens a file that is not open yet */
    OpenFiles(int limit, Opener opener) {
        this.limit = limit;
        this.opener = opener;
    }

    @FunctionalInterface
    interface Opener {
        StoredFile open(Path file) throws IOException;
    }

    @FunctionalInterface
    interface FileUse {
        void accept(StoredFile file) throws IOException;
    }

    void use(Path path, FileUse action) throws IOException {
        Entry entry = acquire(path);
        try {
            action.accept(entry.file);
        } finally {
            release(path, entry);
        }
    }

    private synchronized Entry acquire(Path path) throws IOException {
        Entry entry = inUse.get(path);
        if (entry == null) {
            entry = idle.remove(path);
            if (entry == null) {
                entry = new Entry(opener.open(path));
            }
            inUse.put(path, entry);
        }
        entry.users++;
        return entry;
    }

    private synchronized void release(Path path, Entry entry) throws IOException {
        if (--entry.users > 0) {
            return;
        }
        inUse.remove(path);
        if (entry.forgotten || !entry.file.isOpen()) {
            entry.file.close();
            return;
        }
        idle.put(path, entry);
        if (idle.size() > limit) {
            Path eldest = idle.keySet().iterator().next();
            idle.remove(eldest).file.close();
        }
    }

    /** Closes {@code path} as soon as it is not in use, so that it can be deleted. */
    synchronized void forget(Path path) throws IOException {
        Entry entry = idle.remove(path);
        if (entry != null) {
            entry.file.close();
        }
        Entry busy = inUse.get(path);
        if (busy != null) {
            busy.forgotten = true;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (Entry entry : idle.values()) {
            entry.file.close();
        }
        idle.clear();
    }

    private static final class Entry {
        private final StoredFile file;
        private int users;
        private boolean forgotten;

        Entry(StoredFile file) {
            this.file = file;
        }
    }
}
