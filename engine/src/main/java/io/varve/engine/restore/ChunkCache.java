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
 * A bounded cache of decoded chunks, by id; the least recently used ones are evicted first. If several threads want a
 * chunk at the same time, the first one loads it and the others wait. A caller holds an entry until it releases it, and
 * held entries are not evicted. Thread-safe; nothing is read while the lock is held.
 */
final class ChunkCache {
    private final long capacity;
    private final int chunkSize;
    private final Map<ChunkId, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private long bytes;

    /**
     * @param capacity bytes of direct memory; held entries may exceed it
     * @param chunkSize bytes of the largest chunk; every entry takes that much
     */
    ChunkCache(long capacity, int chunkSize) {
        this.capacity = capacity;
        this.chunkSize = chunkSize;
    }

    /** A chunk that is loaded or being loaded. */
    static final class Entry {
        private final ChunkId id;
        private final int length;
        private final ByteBuffer content;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        // Guarded by the lock of the cache.
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

        /**
         * The buffer of the plaintext, valid once {@link #done()}. Only the thread that loads the entry may write to
         * it.
         */
        ByteBuffer content() {
            return content.slice(0, length);
        }

        /** Completes when the content is loaded, or with the exception that prevented it. */
        CompletableFuture<Void> done() {
            return done;
        }
    }

    /**
     * Returns the entry of a chunk, which the caller then holds.
     *
     * @param claimed receives the entry if it is new; the caller must then load it and call {@link #loaded} or
     *     {@link #failed}
     */
    synchronized Entry hold(ChunkId id, int length, List<Entry> claimed) {
        Entry entry = entries.get(id);
        if (entry == null || entry.length != length) { // a fault of the map, which its reader reports
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

    /** Reports a failure to all waiting threads. The next request tries again. */
    void failed(Entry entry, Throwable why) {
        synchronized (this) {
            if (entry.kept) {
                entries.remove(entry.id);
                drop(entry);
            }
        }
        entry.done.completeExceptionally(why);
    }

    /** Releases entries, once for each call of {@link #hold}. Null entries stand for zeros and are ignored. */
    synchronized void release(Collection<Entry> held) {
        for (Entry entry : held) {
            if (--entry.holders == 0 && !entry.kept) {
                free.push(entry.content);
            }
        }
        makeRoom();
        while (!free.isEmpty() && bytes + (long) free.size() * chunkSize > capacity) {
            free.pop(); // allocated when many were held at the same time
        }
    }

    /** Bytes of entries that are loaded or being loaded. */
    synchronized long bytes() {
        return bytes;
    }

    /** Entries that are loaded or being loaded, least recently used first. */
    synchronized List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }
}
