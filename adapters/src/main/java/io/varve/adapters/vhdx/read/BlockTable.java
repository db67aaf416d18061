package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.PageCache;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * The block allocation table. It can be 513 MiB, so it is read page by page when needed. A page has
 * {@value #PAGE_ENTRIES} entries and takes 4 KiB of heap; a fixed number of pages is kept.
 *
 * <p>Each entry is checked before it is returned. Thread-safe.
 */
public final class BlockTable {
    static final int PAGE_ENTRIES = 512;

    private final EntryRules rules;
    private final BlockGeometry geometry;
    private final PageCache<long[]> pages;

    /** @param slotCount largest number of pages to keep */
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

    /** Returns the checked entry of payload block {@code block}, which must be within the disk. */
    long entry(long block) throws IOException {
        long entry = at(geometry.entryIndex(block));
        rules.checkPayload(block, entry);
        return entry;
    }

    /** Returns the offset in the file of the sector bitmap of {@code block}, which must be partially present. */
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
