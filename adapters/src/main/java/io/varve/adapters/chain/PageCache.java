package io.varve.adapters.chain;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A cache of the pages of a table that is read on demand. It has a fixed number of slots, and each page can be in one
 * of them only. So no lock is needed, and a pass through the table in order reads every page once. Thread-safe; two
 * threads that miss the same page at the same time both load it.
 *
 * @param <P> content of a page; never changed after it was loaded
 */
public final class PageCache<P> {
    private final Loader<P> loader;
    private final AtomicReferenceArray<Slot<P>> slots;

    /** Reads a page. */
    @FunctionalInterface
    public interface Loader<P> {
        P load(long number) throws IOException;
    }

    private record Slot<P>(long number, P page) {}

    /** @param slotCount most pages to keep, at least 1 */
    public PageCache(int slotCount, Loader<P> loader) {
        this.loader = loader;
        this.slots = new AtomicReferenceArray<>(slotCount);
    }

    /** Returns a page, from the cache or loaded now. */
    public P page(long number) throws IOException {
        int index = (int) (number % slots.length());
        Slot<P> slot = slots.get(index);
        if (slot == null || slot.number != number) {
            slot = new Slot<>(number, loader.load(number));
            slots.set(index, slot);
        }
        return slot.page;
    }
}
