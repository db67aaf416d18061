package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.adapters.vhdx.read.BlockTableScan;
import io.varve.adapters.vhdx.read.EntryRules;
import io.varve.adapters.vhdx.read.OverlapCheck;
import io.varve.adapters.vhdx.read.TakenPlaces;
import io.varve.adapters.vhdx.read.VhdxLayout;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.store.fault.Count;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Checks the block allocation table (MS-VHDX 2.5) and reports everything that is wrong with an entry, or odd but
 * harmless. If needed, a second pass finds out which two entries share a place.
 */
final class BatCheck implements BlockTableScan.Visitor {
    private final ByteSource file;
    private final EntryRules rules;
    private final BlockGeometry geometry;
    private final FindingList findings;
    private final OverlapCheck overlaps;
    private final SharedPlaces shared;

    /** The blocks of the current chunk that are partially present. */
    private final BitSet partials = new BitSet();

    private long chunk = -1;
    private long present;
    private boolean hasKeptPlaces;

    private BatCheck(ByteSource file, EntryRules rules, Optional<ReplayedSource> replayed, FindingList findings) {
        this.file = file;
        this.rules = rules;
        this.geometry = rules.geometry();
        this.findings = findings;
        this.shared = new SharedPlaces(rules, findings);
        this.overlaps = new OverlapCheck(rules, replayed, findings, shared);
    }

    /** @param occupied the places of log and regions */
    static void run(
            ByteSource file,
            Region bat,
            DiskParameters disk,
            List<Region> occupied,
            Optional<ReplayedSource> replayed,
            FindingList findings)
            throws IOException {
        BlockGeometry geometry = disk.geometry();
        long length = Math.min(geometry.tableSize(), bat.length());
        if (length < geometry.tableSize()) {
            long firstLost = geometry.blockOf(length / BatEntry.SIZE);
            findings.found(
                    VhdxFault.BAT_TOO_SHORT,
                    Range.between(geometry.virtualOffset(firstLost), geometry.diskSize()),
                    () -> EntryRules.tooShort(file.location(), bat, geometry));
        }
        EntryRules rules = new EntryRules(file.location(), file.size(), bat.offset(), geometry, occupied);
        BatCheck check = new BatCheck(file, rules, replayed, findings);
        Range table = new Range(bat.offset(), length);
        BlockTableScan.run(file, table, geometry, check);
        check.overlaps.finish();
        check.secondPass(table);
        if (disk.fixed() && check.present < geometry.blockCount()) {
            findings.found(
                    VhdxFault.BAT_FIXED_SPARSE,
                    bat.offset(),
                    "every block of a fixed disk in the file",
                    geometry.blockCount() - check.present + " of " + Count.of(geometry.blockCount(), "block")
                            + " without place");
        }
        check.reportOrphans();
    }

    @Override
    public void payload(long block, long entry) throws IOException {
        if (chunk != block / geometry.chunkRatio()) {
            chunk = block / geometry.chunkRatio();
            partials.clear();
        }
        overlaps.payload(block, entry);
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        if (state == null) {
            return;
        }
        long offset = BatEntry.offset(entry);
        if (state.hasPlace()) {
            present++;
            boolean isThere =
                    offset >= VhdxFormat.ALIGNMENT && geometry.lengthInDisk(block) <= rules.fileSize() - offset;
            if (isThere && geometry.blockSize() > rules.fileSize() - offset) {
                told(
                        VhdxFault.BAT_SHORT_BLOCK,
                        block,
                        "a whole block",
                        "the end of the file behind the end of the disk");
            }
            if (state == PayloadState.PARTIALLY_PRESENT) {
                partials.set((int) (block % geometry.chunkRatio()));
            }
        } else if (offset != 0 && (state == PayloadState.UNDEFINED || state == PayloadState.UNMAPPED)) {
            hasKeptPlaces = true;
        } else if (offset != 0) {
            told(
                    VhdxFault.BAT_LEFTOVER_PLACE,
                    block,
                    "offset 0 in state " + state,
                    "offset " + Long.toUnsignedString(offset));
        }
    }

    @Override
    public void bitmap(long index, long entry) throws IOException {
        long before = findings.errors() + shared.count();
        overlaps.bitmap(index, entry);
        if (findings.errors() + shared.count() > before || BatEntry.stateCode(entry) == 0) {
            return;
        }
        long first = geometry.blockOf(index - geometry.chunkRatio());
        boolean isCurrent = chunk == first / geometry.chunkRatio();
        if (!isCurrent || partials.isEmpty()) {
            long at = rules.tableOffset() + index * BatEntry.SIZE;
            findings.found(
                    VhdxFault.BITMAP_UNNEEDED, at, "a sector bitmap only for partially present blocks", "one for none");
            return;
        }
        ByteBuffer bits = StructureReader.read(file, BatEntry.offset(entry), VhdxFormat.MIB, "sector bitmap");
        int slice = geometry.blockSize() / geometry.logicalSectorSize() / Byte.SIZE;
        for (int number = partials.nextSetBit(0); number >= 0; number = partials.nextSetBit(number + 1)) {
            judge(bits.slice(number * slice, slice), first + number, BatEntry.offset(entry) + (long) number * slice);
        }
    }

    /** Judges a sector bitmap: if all bits of a block are equal, a block state could say so. */
    private void judge(ByteBuffer slice, long block, long offset) {
        byte first = slice.get(0);
        if (first != 0 && first != -1) {
            return;
        }
        for (int i = 1; i < slice.limit(); i++) {
            if (slice.get(i) != first) {
                return;
            }
        }
        VhdxFault fault = first == 0 ? VhdxFault.BITMAP_EMPTY : VhdxFault.BITMAP_FULL;
        findings.found(
                fault,
                offset,
                "",
                "the partially present block " + block + " has " + (first == 0 ? "no sector" : "all sectors")
                        + " in this file");
    }

    private void told(VhdxFault fault, long block, String expected, String found) throws IOException {
        findings.found(fault, null, () -> rules.wrong(block, expected, found));
    }

    /** Finds the entries that took shared places first, and checks places that are kept needlessly. */
    private void secondPass(Range table) throws IOException {
        if (shared.count() == 0 && !hasKeptPlaces) {
            return;
        }
        BlockTableScan.run(file, table, geometry, new BlockTableScan.Visitor() {
            @Override
            public void payload(long block, long entry) throws IOException {
                PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
                if (state != null && state.hasPlace()) {
                    shared.compare(geometry.entryIndex(block), entry);
                } else if (state == PayloadState.UNDEFINED || state == PayloadState.UNMAPPED) {
                    keptPlace(block, BatEntry.offset(entry));
                }
            }

            @Override
            public void bitmap(long index, long entry) throws IOException {
                if (BatEntry.stateCode(entry) != 0) {
                    shared.compare(index, entry);
                }
            }
        });
        shared.finish();
    }

    private void keptPlace(long block, long offset) throws IOException {
        if (offset == 0) {
            return;
        }
        long end = Math.min(offset + geometry.blockSize(), rules.fileSize());
        String found = "";
        if (offset < VhdxFormat.ALIGNMENT || geometry.blockSize() > rules.fileSize() - offset) {
            found = ", outside the file";
        } else if (rules.regionAt(offset, end) != null) {
            found = ", inside " + VhdxLayout.name(rules.regionAt(offset, end));
        } else if (!overlaps.taken().take(offset, end)) {
            found = ", where another block lies";
        }
        if (!found.isEmpty()) {
            told(
                    VhdxFault.BAT_KEPT_PLACE,
                    block,
                    "a place of its own for a block without content",
                    "offset " + Long.toUnsignedString(offset) + found);
        }
    }

    private void reportOrphans() {
        if (findings.errors() > 0) {
            // What the damaged structures referred to is unknown then.
            return;
        }
        TakenPlaces taken = overlaps.taken();
        taken.take(0, VhdxFormat.MIB);
        for (Region region : rules.occupied()) {
            taken.take(region.offset(), region.endOffset());
        }
        long orphans = taken.free();
        if (orphans > 0) {
            findings.found(VhdxFault.ORPHANED_SPACE, -1, "", orphans + " MiB of the file that nothing refers to");
        }
    }
}
