package io.varve.store.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pages that stand in many places: a few of them map a disk of any size, and whoever walks all places never ends. */
class SharedPagesTest {
    /** Blocks of the largest disk there may be. */
    private static final long MOST = 1L << 50;

    private final MapPages pages = new MapPages();

    private static ChunkId id(long number) {
        return new ChunkHasher().id(ByteBuffer.allocate(8).putLong(number).flip());
    }

    /** All entries of a page are the same; one page a level. */
    private BlockMap everywhere(long block, int except) throws IOException {
        MapShape shape = new MapShape(MOST);
        ChunkId below = id(block);
        for (int level = 0; level <= shape.rootLevel(); level++) {
            MapPage page = MapPage.zero(level);
            long entries =
                    level < shape.rootLevel() ? MapShape.FAN_OUT : Math.max(1, MOST / MapShape.blocksBelow(level - 1));
            for (int entry = 0; entry < entries; entry++) {
                if (level != 0 || entry != except) {
                    page.set(entry, below);
                }
            }
            below = pages.store(page);
        }
        return new BlockMap(shape, below, pages);
    }

    @Test
    void comparingTakesAsLongAsThereArePages() throws IOException {
        BlockMap one = everywhere(1, -1);
        BlockMap other = everywhere(2, -1);
        pages.takeRead();
        DifferingRuns differing = new DifferingRuns(one, other);
        assertEquals(MOST, differing.blocks());
        assertEquals(1, differing.runs());
        List<String> runs = new ArrayList<>();
        differing.forEach((first, blocks) -> runs.add(first + " +" + blocks));
        assertEquals(List.of("0 +" + MOST), runs);

        DifferingRuns holes = new DifferingRuns(one, everywhere(1, 7));
        assertEquals(MOST / MapShape.FAN_OUT, holes.blocks());
        assertEquals(MOST / MapShape.FAN_OUT, holes.runs());
        assertTrue(pages.takeRead() < 100, "read each page a few times");
    }

    @Test
    void theRunsAreThoseOfANaiveComparison() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 60; round++) {
            long blocks = random.nextLong(1, 200_000);
            BlockMap one = random(random, blocks);
            BlockMap other =
                    random.nextInt(3) == 0 ? random(random, random.nextLong(1, 200_000)) : changed(random, one);
            TreeMap<Long, Long> expected = new TreeMap<>();
            long[] count = {0};
            BlockMapDiff.compare(one, other, (block, a, b) -> {
                count[0]++;
                var last = expected.lastEntry();
                if (last != null && last.getKey() + last.getValue() == block) {
                    expected.put(last.getKey(), last.getValue() + 1);
                } else {
                    expected.put(block, 1L);
                }
            });
            TreeMap<Long, Long> found = new TreeMap<>();
            DifferingRuns differing = new DifferingRuns(one, other);
            differing.forEach(found::put);
            assertEquals(expected, found, "seed " + seed);
            assertEquals(count[0], differing.blocks(), "seed " + seed);
            assertEquals(expected.size(), differing.runs(), "seed " + seed);
        }
    }

    private BlockMap random(SplittableRandom random, long blocks) throws IOException {
        TreeMap<Long, ChunkId> content = new TreeMap<>();
        for (int run = 0; run < 20; run++) {
            long first = random.nextLong(blocks);
            for (long block = first; block < Math.min(blocks, first + random.nextInt(1, 600)); block++) {
                content.put(block, id(random.nextInt(4)));
            }
        }
        return pages.fromScratch(blocks, content);
    }

    private BlockMap changed(SplittableRandom random, BlockMap map) throws IOException {
        TreeMap<Long, ChunkId> updates = new TreeMap<>();
        for (int i = 0; i < 50; i++) {
            updates.put(random.nextLong(map.shape().blockCount()), random.nextBoolean() ? ChunkId.ZERO : id(9));
        }
        return pages.update(map, updates);
    }
}
