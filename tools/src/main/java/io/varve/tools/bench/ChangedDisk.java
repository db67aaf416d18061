package io.varve.tools.bench;

import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The same disk a night later: one block in a hundred is changed, in clusters of up to eight. Changes exist only in
 * memory, and compress like the blocks that they replace. Closing it closes the original disk.
 */
final class ChangedDisk implements DiskImage {
    private static final int BLOCK = 64 << 10;
    private static final int LONGEST_CLUSTER = 8;
    private static final int ONE_IN = 100;
    private static final long FLIP = 0x5A5A_3C3C_A5A5_C3C3L;

    private final DiskImage before;
    private final RangeSet changes;

    ChangedDisk(DiskImage before, RangeSet data) {
        this.before = before;
        this.changes = choose(data, before.size());
    }

    /** Chooses about a hundredth of the data, at least one block, and only where there is data. */
    private static RangeSet choose(RangeSet data, long size) {
        SplittableRandom random = new SplittableRandom(2);
        RangeSet.Builder chosen = new RangeSet.Builder();
        long distance = (long) BLOCK * ONE_IN * (1 + LONGEST_CLUSTER) / 2;
        long due = 0;
        for (Range range : data) {
            for (; due < range.endOffset(); due += distance) {
                long from = Math.max(due, range.offset()) / BLOCK * BLOCK;
                long length = (long) BLOCK * (1 + random.nextInt(LONGEST_CLUSTER));
                chosen.add(from, Math.min(Math.min(from + length, size), from + distance));
                due = Math.max(due, from);
            }
        }
        return chosen.build();
    }

    RangeSet changes() {
        return changes;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        before.read(offset, target);
        if (start == target.position()) {
            return;
        }
        for (Range range : changes.clip(Range.between(offset, offset + target.position() - start))) {
            long flip = FLIP * (range.offset() / BLOCK + 1);
            int from = start + (int) (range.offset() - offset);
            for (int at = from; at + Long.BYTES <= from + range.length(); at += Long.BYTES) {
                target.putLong(at, target.getLong(at) ^ flip);
            }
        }
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return before.allocated(window).union(changes.clip(window));
    }

    @Override
    public long size() {
        return before.size();
    }

    @Override
    public int logicalSectorSize() {
        return before.logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return before.physicalSectorSize();
    }

    @Override
    public Optional<UUID> guid() {
        return before.guid();
    }

    @Override
    public String format() {
        return before.format();
    }

    @Override
    public String location() {
        return before.location();
    }

    @Override
    public void close() throws IOException {
        before.close();
    }
}
