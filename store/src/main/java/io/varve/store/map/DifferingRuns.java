package io.varve.store.map;

import static io.varve.store.map.MapShape.FAN_OUT;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The runs of blocks in which two maps differ: first how many there are, then where. A pair of pages that occurs in
 * many places is compared once, so counting takes time proportional to the number of distinct pages, not to the size
 * that the manifest claims. Listing takes time proportional to the number of runs. For one thread. Takes at most about
 * 12 MiB of heap.
 */
public final class DifferingRuns {
    private static final int PAIRS_KEPT = 1 << 16;

    private final BlockMap before;
    private final BlockMap after;
    private final int top;
    private final Map<Pair, Sum> sums = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Sum> eldest) {
            return size() > PAIRS_KEPT;
        }
    };

    /** A block that only one of them has counts as {@code ZERO} in the other. */
    public DifferingRuns(BlockMap before, BlockMap after) {
        this.before = before;
        this.after = after;
        this.top = Math.max(before.shape().rootLevel(), after.shape().rootLevel());
    }

    private record Pair(ChunkId before, ChunkId after, int level) {}

    /**
     * How much differs below one pair of pages.
     *
     * @param first whether the first block differs
     * @param last whether the last block differs
     */
    private record Sum(long blocks, long runs, boolean first, boolean last) {
        static final Sum NONE = new Sum(0, 0, false, false);

        static Sum block(boolean differs) {
            return differs ? new Sum(1, 1, true, true) : NONE;
        }

        /** Combines this with the part that follows it. */
        Sum and(Sum next) {
            return new Sum(blocks + next.blocks, runs + next.runs - (last && next.first ? 1 : 0), first, next.last);
        }
    }

    /** Receives the runs in ascending order. */
    @FunctionalInterface
    public interface Visitor {
        void run(long firstBlock, long blocks) throws IOException;
    }

    /** Returns how many blocks differ. */
    public long blocks() throws IOException {
        return sum(before.root(), after.root(), top).blocks;
    }

    /** Returns in how many runs they lie. */
    public long runs() throws IOException {
        return sum(before.root(), after.root(), top).runs;
    }

    private Sum sum(ChunkId a, ChunkId b, int level) throws IOException {
        if (a.equals(b)) {
            return Sum.NONE;
        }
        Pair pair = new Pair(a, b, level);
        Sum known = sums.get(pair);
        if (known != null) {
            return known;
        }
        MapPage one = page(before, a, level);
        MapPage other = page(after, b, level);
        Sum sum = null;
        for (int entry = 0; entry < FAN_OUT; entry++) {
            ChunkId was = one.id(entry);
            ChunkId is = other.id(entry);
            Sum next = level == 0 ? Sum.block(!was.equals(is)) : sum(was, is, level - 1);
            sum = sum == null ? next : sum.and(next);
        }
        sums.put(pair, sum);
        return sum;
    }

    /** Returns a page at {@code level}. A map with fewer levels is treated as the first part of one with more. */
    private static MapPage page(BlockMap map, ChunkId id, int level) throws IOException {
        if (id.isZero()) {
            return MapPage.zero(level);
        }
        if (level <= map.shape().rootLevel()) {
            return map.read(id, level);
        }
        MapPage above = MapPage.zero(level);
        above.set(0, id);
        return above;
    }

    /** Calls {@code visitor} for each run. Check {@link #runs} first: there may be too many. */
    public void forEach(Visitor visitor) throws IOException {
        Joined joined = new Joined(visitor);
        tell(before.root(), after.root(), top, 0, joined);
        joined.end();
    }

    private void tell(ChunkId a, ChunkId b, int level, long index, Joined joined) throws IOException {
        Sum sum = sum(a, b, level);
        long span = MapShape.blocksBelow(level);
        if (sum.blocks == 0 || sum.blocks == span) {
            joined.add(index * span, sum.blocks);
            return;
        }
        MapPage one = page(before, a, level);
        MapPage other = page(after, b, level);
        for (int entry = 0; entry < FAN_OUT; entry++) {
            long below = index * FAN_OUT + entry;
            if (level > 0) {
                tell(one.id(entry), other.id(entry), level - 1, below, joined);
            } else if (!one.is(entry, other.id(entry))) {
                joined.add(below, 1);
            }
        }
    }

    /** Joins adjacent runs. */
    private static final class Joined {
        private final Visitor visitor;
        private long first;
        private long length;

        Joined(Visitor visitor) {
            this.visitor = visitor;
        }

        void add(long block, long blocks) throws IOException {
            if (blocks == 0) {
                return;
            }
            if (first + length != block) {
                end();
                first = block;
                length = 0;
            }
            length += blocks;
        }

        void end() throws IOException {
            if (length > 0) {
                visitor.run(first, length);
            }
        }
    }
}
