package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The block allocation table, read from the file page by page as it is needed: it can be 513 MiB. Pages of
 * {@value #PAGE_ENTRIES} entries, 4 KiB of heap, are kept in a given number of slots.
 *
 * <p>Every entry is checked when it is handed out. Threads may ask at once.
 */
public final class BlockTable {
    static final int PAGE_ENTRIES = 512;

    private final EntryRules rules;
    private final BlockGeometry geometry;
    private final PageCache<long[]> pages;

    /** @param slotCount most pages kept */
    BlockTable(ByteSource source, EntryRules rules, int slotCount) {
        this.rules = rules;
        this.geometry = rules.geometry();
        this.pages = new PageCache<>(slotCount, number -> load(source, rules, number));
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
        return pages.page(index / PAGE_ENTRIES)[(int) (index % PAGE_ENTRIES)];
    }

    private static long[] load(ByteSource source, EntryRules rules, long number) throws IOException {
        long first = number * PAGE_ENTRIES;
        int count = (int) Math.min(PAGE_ENTRIES, rules.geometry().entryCount() - first);
        long[] entries = new long[count];
        StructureReader.read(
                        source, rules.tableOffset() + first * BatEntry.SIZE, count * BatEntry.SIZE, "part of the BAT")
                .asLongBuffer()
                .get(entries);
        return entries;
    }
}
