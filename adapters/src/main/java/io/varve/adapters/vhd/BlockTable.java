package io.varve.adapters.vhd;

import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The block allocation table, read from the file page by page as it is needed. Pages of {@value #PAGE_ENTRIES} entries,
 * 32 KiB of heap, are kept in a given number of slots. Each page has one slot it can be in, so keeping needs no lock
 * and going through a disk in order reads every page once.
 *
 * <p>Every entry is checked when it is handed out. Threads may ask at once.
 */
final class BlockTable {
    static final int PAGE_ENTRIES = 8192;

    private final ByteSource source;
    private final BlockRules rules;
    private final AtomicReferenceArray<Page> slots;

    /** @param slotCount most pages kept */
    BlockTable(ByteSource source, BlockRules rules, int slotCount) {
        this.source = source;
        this.rules = rules;
        this.slots = new AtomicReferenceArray<>(slotCount);
    }

    BlockGeometry geometry() {
        return rules.geometry();
    }

    /** Where in the file {@code block}, which the disk has, begins; {@link BlockRules#NOWHERE} if it is not there. */
    long place(long block) throws IOException {
        long number = block / PAGE_ENTRIES;
        int slot = (int) (number % slots.length());
        Page page = slots.get(slot);
        if (page == null || page.number != number) {
            page = new Page(number, read(source, rules, number * PAGE_ENTRIES));
            slots.set(slot, page);
        }
        return rules.place(block, page.entries[(int) (block % PAGE_ENTRIES)]);
    }

    /** Up to {@value #PAGE_ENTRIES} entries as they are in the file, from that of block {@code first} on. */
    static int[] read(ByteSource source, BlockRules rules, long first) throws IOException {
        int[] entries = new int[(int) Math.min(PAGE_ENTRIES, rules.geometry().blockCount() - first)];
        long offset = rules.header().tableOffset() + first * VhdFormat.ENTRY_SIZE;
        FileStructure.read(source, offset, entries.length * VhdFormat.ENTRY_SIZE, "part of the BAT")
                .asIntBuffer()
                .get(entries);
        return entries;
    }

    /** Immutable once it is in its slot. */
    private static final class Page {
        final long number;
        final int[] entries;

        Page(long number, int[] entries) {
            this.number = number;
            this.entries = entries;
        }
    }
}
