package io.varve.store.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Comes by all pages, whatever the memory, and by hardly any twice. */
class MapWalkTest {
    private static final long BLOCKS = 3L * 65536;
    private static final int BLOCK_SIZE = 4096;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final MapPages pages = new MapPages();
    private final MapShape shape = MapShape.of(BLOCKS * BLOCK_SIZE, BLOCK_SIZE);

    private ChunkId id() {
        byte[] content = new byte[8];
        random.nextBytes(content);
        return new ChunkHasher().id(content);
    }

    private BlockMap changed(BlockMap base, int blocks) throws IOException {
        TreeMap<Long, ChunkId> updates = new TreeMap<>();
        for (int i = 0; i < blocks; i++) {
            updates.put(random.nextLong(BLOCKS), random.nextInt(5) == 0 ? ChunkId.ZERO : id());
        }
        return pages.update(base, updates);
    }

    /** Collects what it is given; pages of {@code damaged} cannot be read. */
    private final class Collector implements MapWalk.Visitor {
        final Set<ChunkId> seen = new HashSet<>();
        final Set<ChunkId> damaged = new HashSet<>();
        int visits;

        @Override
        public MapPage inner(ChunkId id, int level, long index) throws CorruptDataException {
            visits++;
            seen.add(id);
            return damaged.contains(id) ? null : pages.page(id, level);
        }

        @Override
        public MapPage again(ChunkId id, int level) throws CorruptDataException {
            return damaged.contains(id) ? null : pages.page(id, level);
        }

        @Override
        public void leaves(List<MapWalk.Leaf> leaves) {
            visits += leaves.size();
            leaves.forEach(leaf -> seen.add(leaf.id()));
        }
    }

    private void collect(ChunkId id, int level, Set<ChunkId> damaged, Set<ChunkId> all) throws IOException {
        if (id.isZero() || !all.add(id) || damaged.contains(id) || level == 0) {
            return;
        }
        MapPage page = pages.page(id, level);
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            collect(page.id(entry), level - 1, damaged, all);
        }
    }

    /** Two disks that share their beginning, over several nights. */
    private List<List<BlockMap>> nights() throws IOException {
        BlockMap common = changed(BlockMap.zero(shape), 30_000);
        List<List<BlockMap>> disks = List.of(new ArrayList<>(), new ArrayList<>());
        for (List<BlockMap> nights : disks) {
            BlockMap map = common;
            for (int night = 0; night < 4; night++) {
                map = changed(map, 100);
                nights.add(map);
            }
        }
        return disks;
    }

    private Collector walk(List<List<BlockMap>> disks, PageSet visited, Set<ChunkId> damaged) throws IOException {
        Collector collector = new Collector();
        collector.damaged.addAll(damaged);
        MapWalk walk = new MapWalk(visited);
        for (int night = 0; night < disks.get(0).size(); night++) {
            for (int disk = 0; disk < disks.size(); disk++) {
                walk.walk("disk " + disk, disks.get(disk).get(night).root(), shape, collector);
            }
        }
        return collector;
    }

    private Set<ChunkId> expected(List<List<BlockMap>> disks, Set<ChunkId> damaged) throws IOException {
        Set<ChunkId> all = new HashSet<>();
        for (List<BlockMap> nights : disks) {
            for (BlockMap map : nights) {
                collect(map.root(), shape.rootLevel(), damaged, all);
            }
        }
        return all;
    }

    @Test
    void everyPageOnceWhenThereIsRoom() throws IOException {
        List<List<BlockMap>> disks = nights();
        Collector collector = walk(disks, new PageSet(), Set.of());
        assertEquals(expected(disks, Set.of()), collector.seen, "seed " + seed);
        assertEquals(collector.seen.size(), collector.visits, "seed " + seed);
    }

    @Test
    void everyPageAndFewTwiceWhenThereIsNot() throws IOException {
        List<List<BlockMap>> disks = nights();
        // 1024 slots for 768 leaves of the first night and some 2,000 later pages.
        Collector collector = walk(disks, new PageSet(0), Set.of());
        assertEquals(expected(disks, Set.of()), collector.seen, "seed " + seed);
        assertTrue(
                collector.visits < 2 * collector.seen.size(),
                "seed " + seed + ": " + collector.visits + " visits of " + collector.seen.size());
    }

    @Test
    void nothingIsPassedOverBesideDamage() throws IOException {
        List<List<BlockMap>> disks = nights();
        List<ChunkId> inner = new ArrayList<>();
        for (int entry = 0; entry < 3; entry++) {
            inner.add(disks.get(0).get(1).pageId(1, entry));
        }
        Set<ChunkId> damaged =
                Set.of(inner.get(random.nextInt(3)), disks.get(1).get(2).root());
        Collector collector = walk(disks, new PageSet(0), damaged);
        assertEquals(expected(disks, damaged), collector.seen, "seed " + seed);
    }

    /** A set that forgets never claims to know what it was not told. */
    @Test
    void aFullSetForgetsButDoesNotInvent() {
        PageSet set = new PageSet(0);
        Set<ChunkId> told = new HashSet<>();
        int remembered = 0;
        for (int i = 0; i < 20_000; i++) {
            ChunkId id = id();
            assertFalse(set.contains(id), "seed " + seed);
            assertTrue(set.add(id), "seed " + seed);
            told.add(id);
            remembered += set.contains(id) ? 1 : 0;
        }
        assertTrue(remembered > 19_900, "what was just added is known, but for the moment when it gets full");
        assertTrue(told.stream().filter(set::contains).count() >= 700, "it is not empty");
    }
}
