package io.varve.engine.restore;

import io.varve.store.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Decoded chunks by id, up to a number of bytes; what was not used for longest goes first. A chunk that several threads
 * want at the same time is loaded by the one that asked first, and the others wait for it. Who asks for an entry holds
 * it until he gives it back; what is held stays. Thread-safe; nothing is read while the lock is held.
 */
final class ChunkCache {
    private final long capacity;
    private final int chunkSize;
    private final Map<ChunkId, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private long bytes;

    /**
     * @param capacity bytes of direct memory; exceeded by what is held
     * @param chunkSize bytes of the largest chunk; all take as much
     */
    ChunkCache(long capacity, int chunkSize) {
        this.capacity = capacity;
        this.chunkSize = chunkSize;
    }

    /** A chunk that is there or on its way. */
    static final class Entry {
        private final ChunkId id;
        private final int length;
        private final ByteBuffer content;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        // Guarded by the cache.
        private int holders;
        private boolean kept;

        private Entry(ChunkId id, int length, ByteBuffer content) {
            this.id = id;
            this.length = length;
            this.content = content;
        }

        ChunkId id() {
            return id;
        }

        int length() {
            return length;
        }

        /** Where the plaintext goes, or is once it is {@link #done()}; only who loads it may write. */
        ByteBuffer content() {
            return content.slice(0, length);
        }

        /** Ends when the content is there, or with why it is not. */
        CompletableFuture<Void> done() {
            return done;
        }
    }

    /**
     * The entry of a chunk, held by the caller.
     *
     * @param claimed gets the entry too if it is new: then the caller is the one to load it and to call {@link #loaded}
     *     or {@link #failed}
     */
    synchronized Entry hold(ChunkId id, int length, List<Entry> claimed) {
        Entry entry = entries.get(id);
        if (entry == null || entry.length != length) { // of two lengths one is a fault of the map; its reader is told
            Entry added = new Entry(id, length, free.isEmpty() ? ByteBuffer.allocateDirect(chunkSize) : free.pop());
            claimed.add(added);
            added.kept = entry == null;
            if (added.kept) {
                entries.put(id, added);
                bytes += chunkSize;
            }
            entry = added;
        }
        entry.holders++;
        makeRoom();
        return entry;
    }

    private void makeRoom() {
        Iterator<Entry> eldest = entries.values().iterator();
        while (bytes > capacity && eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.holders == 0) {
                eldest.remove();
                drop(entry);
            }
        }
    }

    private void drop(Entry entry) {
        entry.kept = false;
        bytes -= chunkSize;
        if (entry.holders == 0) {
            free.push(entry.content);
        }
    }

    void loaded(Entry entry) {
        entry.done.complete(null);
    }

    /** Those who wait for it are told, and whoever asks next tries again. */
    void failed(Entry entry, Throwable why) {
        synchronized (this) {
            if (entry.kept) {
                entries.remove(entry.id);
                drop(entry);
            }
        }
        entry.done.completeExceptionally(why);
    }

    /** Gives entries back, once for each time they were asked for; none for zeros. */
    synchronized void release(Collection<Entry> held) {
        for (Entry entry : held) {
            if (--entry.holders == 0 && !entry.kept) {
                free.push(entry.content);
            }
        }
        makeRoom();
        while (!free.isEmpty() && bytes + (long) free.size() * chunkSize > capacity) {
            free.pop(); // what many held at the same time
        }
    }

    /** Bytes of entries that are there or on their way. */
    synchronized long bytes() {
        return bytes;
    }

    /** Entries that are there or on their way, the one not used for longest first. */
    synchronized List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }
}
