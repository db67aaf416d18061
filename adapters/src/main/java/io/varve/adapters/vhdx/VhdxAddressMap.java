package io.varve.adapters.vhdx;

import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Translates addresses of the virtual disk into addresses of its VHDX file and back (MS-VHDX 2.5). A change list names
 * places in the disk; this says where they are in the file. Of a differencing disk it knows what this one file has, and
 * nothing of the parents.
 *
 * <p>With {@code blockSize} and {@code chunkRatio} of the file, the byte {@code v} of the disk lies in block {@code b =
 * v / blockSize}, whose entry is number {@code b + b / chunkRatio} of the BAT; if that says FULLY_PRESENT at offset
 * {@code o}, the byte is byte {@code o + v % blockSize} of the file. The same holds for PARTIALLY_PRESENT and the
 * sectors whose bit is set.
 *
 * <p>Threading: any number of threads may ask at once. Memory: the answer, plus a bounded part of the BAT. It is usable
 * as long as the disk it came from is open.
 */
public final class VhdxAddressMap {
    private final ByteSource source;
    private final BlockTable table;
    private final SectorBitmaps bitmaps;
    private final BlockGeometry geometry;

    VhdxAddressMap(ByteSource source, BlockTable table, SectorBitmaps bitmaps) {
        this.source = source;
        this.table = table;
        this.bitmaps = bitmaps;
        this.geometry = table.geometry();
    }

    /**
     * A part of the disk that lies in one piece in the file, or nowhere.
     *
     * @param virtualOffset first byte, in the disk
     * @param length bytes
     * @param state of the blocks it consists of; the absent sectors of a partially present block are NOT_PRESENT
     * @param fileOffset first byte, in the file; {@link #NOWHERE} unless it lies in the file
     */
    public record Segment(long virtualOffset, long length, PayloadState state, long fileOffset) {
        /** File offset of a segment that has no place in the file and reads as zeros. */
        public static final long NOWHERE = -1;

        public boolean isPresent() {
            return fileOffset != NOWHERE;
        }
    }

    /**
     * The segment that begins at {@code virtualOffset} and ends at or before {@code endOffset}: all blocks that follow
     * in the same state (and, if they are present, in the file too), or a piece of one partially present block. O(1)
     * per block it goes over.
     *
     * @param endOffset greater than {@code virtualOffset}, at most the size of the disk
     */
    public Segment segment(long virtualOffset, long endOffset) throws IOException {
        if (virtualOffset < 0 || virtualOffset >= endOffset || endOffset > geometry.diskSize()) {
            throw new IndexOutOfBoundsException("not inside a disk of " + geometry.diskSize() + " bytes: ["
                    + virtualOffset + ", " + endOffset + ")");
        }
        long block = virtualOffset / geometry.blockSize();
        long inBlock = virtualOffset % geometry.blockSize();
        long entry = table.entry(block);
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        if (state == PayloadState.PARTIALLY_PRESENT) {
            long blockEnd = virtualOffset - inBlock + geometry.blockSize();
            return partial(block, virtualOffset, Math.min(endOffset, blockEnd), BatEntry.offset(entry) + inBlock);
        }
        boolean present = state == PayloadState.FULLY_PRESENT;
        long fileOffset = present ? BatEntry.offset(entry) + inBlock : Segment.NOWHERE;
        long end = virtualOffset - inBlock + geometry.blockSize();
        while (end < endOffset) {
            long next = table.entry(++block);
            boolean joins = BatEntry.stateCode(next) == state.code()
                    && (!present || BatEntry.offset(next) == fileOffset + (end - virtualOffset));
            if (!joins) {
                break;
            }
            end += geometry.blockSize();
        }
        return new Segment(virtualOffset, Math.min(end, endOffset) - virtualOffset, state, fileOffset);
    }

    private Segment partial(long block, long virtualOffset, long endOffset, long fileOffset) throws IOException {
        SectorBitmaps.Stretch stretch = bitmaps.stretch(block, virtualOffset, endOffset);
        long length = stretch.endOffset() - virtualOffset;
        return stretch.present()
                ? new Segment(virtualOffset, length, PayloadState.PARTIALLY_PRESENT, fileOffset)
                : new Segment(virtualOffset, length, PayloadState.NOT_PRESENT, Segment.NOWHERE);
    }

    /** The segments that {@code virtualRange}, clipped to the disk, consists of, in order and without gaps. */
    public List<Segment> segments(Range virtualRange) throws IOException {
        List<Segment> segments = new ArrayList<>();
        long end = Math.min(virtualRange.endOffset(), geometry.diskSize());
        for (long offset = virtualRange.offset(); offset < end; ) {
            Segment segment = segment(offset, end);
            segments.add(segment);
            offset += segment.length();
        }
        return segments;
    }

    /**
     * The other direction: what of the disk lies inside {@code fileRange}, in the order of the file. Parts of the file
     * that hold nothing of the disk (headers, log, tables, unused space) are left out. Goes through the whole BAT; the
     * answer has at most one segment per MiB of {@code fileRange}, of a differencing disk one per two sectors.
     */
    public List<Segment> segmentsAt(Range fileRange) throws IOException {
        List<Segment> found = new ArrayList<>();
        EntryRules rules = table.rules();
        BlockTableScan.run(source, rules.tableOffset(), geometry, (block, entry) -> {
            rules.checkPayload(block, entry);
            if (!PayloadState.of(BatEntry.stateCode(entry)).hasPlace()) {
                return;
            }
            long offset = BatEntry.offset(entry);
            long from = Math.max(offset, fileRange.offset());
            long end = Math.min(offset + geometry.lengthInDisk(block), fileRange.endOffset());
            long shift = geometry.virtualOffset(block) - offset;
            for (long at = from; at < end; ) {
                Segment segment = segment(at + shift, end + shift);
                if (segment.isPresent()) {
                    found.add(segment);
                }
                at += segment.length();
            }
        });
        found.sort(Comparator.comparingLong(Segment::fileOffset));
        return joined(found);
    }

    private static List<Segment> joined(List<Segment> sorted) {
        List<Segment> joined = new ArrayList<>();
        for (Segment segment : sorted) {
            Segment last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            boolean joins = last != null
                    && last.state() == segment.state()
                    && last.fileOffset() + last.length() == segment.fileOffset()
                    && last.virtualOffset() + last.length() == segment.virtualOffset();
            if (joins) {
                joined.set(
                        joined.size() - 1,
                        new Segment(
                                last.virtualOffset(),
                                last.length() + segment.length(),
                                last.state(),
                                last.fileOffset()));
            } else {
                joined.add(segment);
            }
        }
        return joined;
    }
}
