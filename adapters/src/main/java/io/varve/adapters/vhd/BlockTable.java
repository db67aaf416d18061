package io.varve.adapters.vhd;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The block allocation table, read page by page on demand. Pages of {@value #PAGE_ENTRIES} entries, 32 KiB of heap, are
 * cached in a given number of slots.
 *
 * <p>Every entry is checked when it is returned. Thread-safe.
 */
final class BlockTable {
    static final int PAGE_ENTRIES = 8192;

    private final BlockRules rules;
    private final PageCache<int[]> pages;

    /** @param slotCount most pages to cache */
    BlockTable(ByteSource source, BlockRules rules, int slotCount) {
        this.rules = rules;
        this.pages = new PageCache<>(slotCount, number -> read(source, rules, number * PAGE_ENTRIES));
    }

    BlockGeometry geometry() {
        return rules.geometry();
    }

    /** Returns the offset in the file of a block of the disk; {@link BlockRules#NOWHERE} if it is not in the file. */
    long place(long block) throws IOException {
        return rules.place(block, pages.page(block / PAGE_ENTRIES)[(int) (block % PAGE_ENTRIES)]);
    }

    /** Reads up to {@value #PAGE_ENTRIES} unchecked entries, from that of block {@code first} on. */
    static int[] read(ByteSource source, BlockRules rules, long first) throws IOException {
        int[] entries = new int[(int) Math.min(PAGE_ENTRIES, rules.geometry().blockCount() - first)];
        long offset = rules.header().tableOffset() + first * VhdFormat.ENTRY_SIZE;
        FileStructure.read(source, offset, entries.length * VhdFormat.ENTRY_SIZE, "part of the BAT")
                .asIntBuffer()
                .get(entries);
        return entries;
    }
}
