package io.varve.adapters.vhdx;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The block allocation table, read from the file page by page as it is needed: it can be 513 MiB. Pages of
 * {@value #PAGE_ENTRIES} entries, 4 KiB of heap, are kept in a given number of slots. Each page has one slot it can be
 * in, so keeping needs no lock and going through a disk in order reads every page once.
 *
 * <p>Every entry is checked when it is handed out. Threads may ask at once.
 */
final class BlockTable {
    static final int PAGE_ENTRIES = 512;

    private final ByteSource source;
    private final EntryRules rules;
    private final BlockGeometry geometry;
    private final AtomicReferenceArray<Page> slots;

    /** @param slotCount most pages kept */
    BlockTable(ByteSource source, EntryRules rules, int slotCount) {
        this.source = source;
        this.rules = rules;
        this.geometry = rules.geometry();
        this.slots = new AtomicReferenceArray<>(slotCount);
    }

    BlockGeometry geometry() {
        return geometry;
    }

    EntryRules rules() {
        return rules;
    }

    /** The checked entry of payload block {@code block}, which the disk has. */
    long entry(long block) throws IOException {
        long entry = at(geometry.entryIndex(block));
        rules.checkPayload(block, entry);
        return entry;
    }

    /** Where in the file the sector bitmap of the partially present {@code block} lies. */
    long bitmapOffset(long block) throws IOException {
        long index = geometry.bitmapIndex(block);
        long entry = at(index);
        rules.checkBitmap(index, entry);
        if (BatEntry.stateCode(entry) == 0) {
            throw rules.wrong(block, "a sector bitmap, since the block is partially present", "none");
        }
        return BatEntry.offset(entry);
    }

    private long at(long index) throws IOException {
        long number = index / PAGE_ENTRIES;
        int slot = (int) (number % slots.length());
        Page page = slots.get(slot);
        if (page == null || page.number != number) {
            page = load(number);
            slots.set(slot, page);
        }
        return page.entries[(int) (index % PAGE_ENTRIES)];
    }

    private Page load(long number) throws IOException {
        long first = number * PAGE_ENTRIES;
        int count = (int) Math.min(PAGE_ENTRIES, geometry.entryCount() - first);
        ByteBuffer bytes = StructureReader.read(
                source, rules.tableOffset() + first * BatEntry.SIZE, count * BatEntry.SIZE, "part of the BAT");
        long[] entries = new long[count];
        LongBuffer longs = bytes.asLongBuffer();
        longs.get(entries);
        return new Page(number, entries);
    }

    /** Immutable once it is in its slot. */
    private static final class Page {
        final long number;
        final long[] entries;

        Page(long number, long[] entries) {
            this.number = number;
            this.entries = entries;
        }
    }
}
