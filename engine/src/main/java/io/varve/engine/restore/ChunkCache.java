package io.varve.engine.restore;

import io.varve.store.chunk.ChunkId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Decoded chunks by id, up to a number of bytes; what was not used for longest goes first. A chunk that several threads
 * want at the same time is loaded by the one that asked first, and the others wait for it. Thread-safe; nothing is read
 * while the lock is held.
 */
final class ChunkCache {
    private final long capacity;
    private final Map<ChunkId, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private long held;

    /** @param capacity bytes of chunks; exceeded by those that are being loaded, and by the last one that was */
    ChunkCache(long capacity) {
        this.capacity = capacity;
    }

    /** A chunk that is there or on its way; the content is never changed. */
    record Entry(ChunkId id, int length, CompletableFuture<byte[]> content) {}

    /**
     * The entry of a chunk.
     *
     * @param claimed gets the entry too if it is new: then the caller is the one to {@linkplain #loaded load} it, or to
     *     {@linkplain #failed give up}
     */
    synchronized Entry claim(ChunkId id, int length, List<Entry> claimed) {
        Entry entry = entries.get(id);
        if (entry == null || entry.length != length) {
            boolean kept = entry == null; // of two lengths one is a fault of the map; its reader will be told
            entry = new Entry(id, length, new CompletableFuture<>());
            claimed.add(entry);
            if (kept) {
                entries.put(id, entry);
                held += length;
                makeRoom();
            }
        }
        return entry;
    }

    private void makeRoom() {
        Iterator<Entry> eldest = entries.values().iterator();
        while (held > capacity && eldest.hasNext()) {
            Entry entry = eldest.next();
            if (entry.content.isDone()) {
                eldest.remove();
                held -= entry.length;
            }
        }
    }

    void loaded(Entry entry, byte[] content) {
        entry.content.complete(content);
    }

    /** Those who wait for it are told, and whoever asks next tries again. */
    void failed(Entry entry, Throwable why) {
        synchronized (this) {
            if (entry.equals(entries.get(entry.id))) {
                entries.remove(entry.id);
                held -= entry.length;
            }
        }
        entry.content.completeExceptionally(why);
    }

    /** Bytes of chunks that are there or on their way. */
    synchronized long held() {
        return held;
    }

    /** Entries that are there or on their way, the one not used for longest first. */
    synchronized List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }
}
