package io.varve.adapters.chain;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Pages of a table that is read as it is needed. They are kept in a given number of slots, and each page has one slot
 * it can be in: so keeping needs no lock, and going through a table in order reads every page once. Threads may ask at
 * once; two that miss the same page at the same time both load it.
 *
 * @param <P> content of a page; never changed once it is loaded
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

    /** @param slotCount most pages kept; at least one */
    public PageCache(int slotCount, Loader<P> loader) {
        this.loader = loader;
        this.slots = new AtomicReferenceArray<>(slotCount);
    }

    /** The page, kept or loaded now. */
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
