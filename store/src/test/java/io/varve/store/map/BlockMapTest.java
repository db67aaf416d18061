package io.varve.store.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Block maps against the naive one: a table from block number to id. */
class BlockMapTest {
    private static final long[] BLOCK_COUNTS = {
        0,
        1,
        2,
        255,
        256,
        257,
        511,
        512,
        513,
        5000,
        65_535,
        65_536,
        65_537,
        70_000,
        1_000_000,
        16_777_216,
        16_777_217,
        20_000_000
    };

    private final MapPages pages = new MapPages();
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private static ChunkId id(long number) {
        byte[] bytes = new byte[32];
        new SplittableRandom(number).nextBytes(bytes);
        return ChunkId.read(bytes, 0);
    }

    /** Some changes: single blocks, neighbours, leaf borders, the last block; new ids, known ids, zeros. */
    private NavigableMap<Long, ChunkId> changes(long blockCount) {
        TreeMap<Long, ChunkId> changes = new TreeMap<>();
        for (int i = blockCount == 0 ? 0 : random.nextInt(12); i > 0; i--) {
            long first = switch (random.nextInt(4)) {
                case 0 -> blockCount - 1;
                case 1 -> Math.min(blockCount - 1, random.nextLong(blockCount) / 256 * 256);
                default -> random.nextLong(blockCount);
            };
            long count = random.nextInt(4) == 0 ? random.nextInt(600) : 1;
            int what = random.nextInt(3);
            for (long block = first; block < Math.min(blockCount, first + count); block++) {
                changes.put(block, what == 0 ? ChunkId.ZERO : id(what == 1 ? random.nextInt(20) : random.nextLong()));
            }
        }
        return changes;
    }

    private static void apply(NavigableMap<Long, ChunkId> naive, Map<Long, ChunkId> changes) {
        naive.putAll(changes);
        naive.values().removeIf(ChunkId::isZero);
    }

    @Test
    void severalNightsGiveTheMapMadeInOneGo() throws IOException {
        for (long blockCount : BLOCK_COUNTS) {
            TreeMap<Long, ChunkId> naive = new TreeMap<>();
            BlockMap map = BlockMap.zero(new MapShape(blockCount));
            for (int night = 0; night < 8; night++) {
                String where = blockCount + " blocks, night " + night + ", seed " + seed;
                NavigableMap<Long, ChunkId> changes = changes(blockCount);
                TreeMap<Long, ChunkId> before = new TreeMap<>(naive);
                BlockMap old = map;
                pages.takeStored();
                map = pages.update(map, changes);
                int stored = pages.takeStored();
                apply(naive, changes);
                long leaves = changes.keySet().stream()
                        .map(block -> block / 256)
                        .distinct()
                        .count();
                assertTrue(stored <= leaves * map.shape().levels(), stored + " pages, " + where);
                assertEquals(pages.fromScratch(blockCount, naive).root(), map.root(), where);
                checkLookups(map, naive, where);
                checkDiff(old, before, map, naive, where);
            }
            assertEquals(naive.isEmpty(), map.root().isZero());
        }
    }

    private void checkLookups(BlockMap map, NavigableMap<Long, ChunkId> naive, String where) throws IOException {
        BlockMap fresh = new BlockMap(map.shape(), map.root(), pages);
        for (Map.Entry<Long, ChunkId> entry : naive.entrySet()) {
            assertEquals(entry.getValue(), fresh.blockId(entry.getKey()), where);
        }
        long blockCount = map.shape().blockCount();
        for (int i = 0; i < 50 && blockCount > 0; i++) {
            long block = i == 0 ? blockCount - 1 : random.nextLong(blockCount);
            assertEquals(naive.getOrDefault(block, ChunkId.ZERO), fresh.blockId(block), where + ", block " + block);
        }
        for (int i = 0; i < 50 && blockCount > 0; i++) {
            long from = random.nextLong(map.shape().leafCount());
            Long next = naive.ceilingKey(from * 256);
            assertEquals(next == null ? -1 : next / 256, fresh.nextLeaf(from), where + ", from leaf " + from);
        }
        long leaf = -1;
        List<Long> leaves = new ArrayList<>();
        while (leaf + 1 < map.shape().leafCount() && (leaf = fresh.nextLeaf(leaf + 1)) >= 0) {
            leaves.add(leaf);
        }
        assertEquals(
                naive.keySet().stream().map(block -> block / 256).distinct().toList(), leaves, where);
    }

    private static void checkDiff(
            BlockMap before,
            Map<Long, ChunkId> naiveBefore,
            BlockMap after,
            Map<Long, ChunkId> naiveAfter,
            String where)
            throws IOException {
        List<String> expected = new ArrayList<>();
        TreeMap<Long, ChunkId> all = new TreeMap<>(naiveBefore);
        all.putAll(naiveAfter);
        for (long block : all.keySet()) {
            ChunkId a = naiveBefore.getOrDefault(block, ChunkId.ZERO);
            ChunkId b = naiveAfter.getOrDefault(block, ChunkId.ZERO);
            if (!a.equals(b)) {
                expected.add(block + ": " + a + " → " + b);
            }
        }
        List<String> found = new ArrayList<>();
        BlockMapDiff.compare(before, after, (block, a, b) -> found.add(block + ": " + a + " → " + b));
        assertEquals(expected, found, where);
    }

    /** A disk that grew or shrank: as many levels, more, fewer. */
    @Test
    void mapsOfDifferentSizesAreCompared() throws IOException {
        for (int round = 0; round < 150; round++) {
            long blocksBefore = BLOCK_COUNTS[random.nextInt(BLOCK_COUNTS.length)];
            long blocksAfter = BLOCK_COUNTS[random.nextInt(BLOCK_COUNTS.length)];
            TreeMap<Long, ChunkId> before = new TreeMap<>();
            apply(before, changes(blocksBefore));
            TreeMap<Long, ChunkId> after = new TreeMap<>(before.headMap(blocksAfter));
            apply(after, changes(blocksAfter));
            checkDiff(
                    pages.fromScratch(blocksBefore, before),
                    before,
                    pages.fromScratch(blocksAfter, after),
                    after,
                    blocksBefore + " blocks → " + blocksAfter + " blocks, round " + round + ", seed " + seed);
        }
    }

    /**
     * The price of a night: n scattered changes cost at most n × levels pages, stored or read, however large the disk.
     */
    @Test
    void aNightCostsWhatChanged() throws IOException {
        long blockCount = 20_000_000;
        TreeMap<Long, ChunkId> content = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            content.put(random.nextLong(blockCount), id(i));
        }
        BlockMap base = pages.fromScratch(blockCount, content);
        int levels = base.shape().levels();
        assertEquals(4, levels);
        for (int n : new int[] {0, 1, 2, 10, 100}) {
            TreeMap<Long, ChunkId> changes = new TreeMap<>();
            while (changes.size() < n) {
                changes.put(random.nextLong(blockCount), id(random.nextLong()));
            }
            pages.takeStored();
            BlockMap after = pages.update(new BlockMap(base.shape(), base.root(), pages), changes);
            int stored = pages.takeStored();
            assertTrue(stored <= n * levels, n + " changes stored " + stored + " pages, seed " + seed);
            assertTrue(n == 0 || stored > n, "the leaves at least, seed " + seed);
            pages.takeRead();
            checkSize(n, base, after);
            int read = pages.takeRead();
            assertTrue(read <= 2 * n * levels + 2, n + " changes compared by " + read + " pages, seed " + seed);
        }
    }

    private void checkSize(int n, BlockMap before, BlockMap after) throws IOException {
        int[] differences = new int[1];
        BlockMapDiff.compare(
                new BlockMap(before.shape(), before.root(), pages),
                new BlockMap(after.shape(), after.root(), pages),
                (block, a, b) -> differences[0]++);
        assertEquals(n, differences[0], "seed " + seed);
    }

    @Test
    void writingWhatIsThereStoresNoPage() throws IOException {
        TreeMap<Long, ChunkId> content = new TreeMap<>();
        for (long block = 0; block < 70_000; block += 100) {
            content.put(block, id(block));
        }
        BlockMap map = pages.fromScratch(70_000, content);
        BlockMapWriter writer = new BlockMapWriter(map, page -> {
            throw new AssertionError("stored a page of level " + page.level());
        });
        for (long leaf = 0; leaf < map.shape().leafCount(); leaf++) {
            writer.leaf(leaf, map.pageId(0, leaf));
        }
        assertEquals(map.root(), writer.finish());
        assertEquals(map.root(), new BlockMapWriter(map, pages).finish());
    }

    @Test
    void zeroingEverythingGivesTheZeroRoot() throws IOException {
        TreeMap<Long, ChunkId> content = new TreeMap<>();
        TreeMap<Long, ChunkId> zeros = new TreeMap<>();
        for (long block : new long[] {0, 255, 256, 66_000, 69_999}) {
            content.put(block, id(block));
            zeros.put(block, ChunkId.ZERO);
        }
        assertEquals(
                ChunkId.ZERO,
                pages.update(pages.fromScratch(70_000, content), zeros).root());
    }

    @Test
    void leavesComeInAscendingOrderInsideTheDisk() throws IOException {
        BlockMapWriter writer = new BlockMapWriter(BlockMap.zero(new MapShape(1000)), pages);
        writer.leaf(1, id(1));
        assertThrows(IllegalArgumentException.class, () -> writer.leaf(1, id(2)));
        assertThrows(IllegalArgumentException.class, () -> writer.leaf(0, id(2)));
        assertThrows(IllegalArgumentException.class, () -> writer.leaf(4, id(2)));
        writer.leaf(3, id(2));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BlockMapWriter(BlockMap.zero(new MapShape(1000)), pages).leaf(-1, id(2)));
    }
}
