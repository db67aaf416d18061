package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Beside a list of ids, whatever the memory. */
class ChunkTableTest {
    private static final int CHUNKS = 40_000;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private List<ChunkId> ids(int count) {
        List<ChunkId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] id = new byte[ChunkId.SIZE];
            random.nextBytes(id);
            ids.add(ChunkId.read(id, 0));
        }
        return ids;
    }

    /** Goes through all slices as a check does: adds all, uses every second, asks for as many that are not there. */
    private int goThrough(long memory, int expectedUnusedLength) {
        List<ChunkId> present = ids(CHUNKS);
        List<ChunkId> absent = ids(CHUNKS);
        ChunkTable table = new ChunkTable(memory, random.nextLong());
        List<ChunkId> twice = new ArrayList<>(present);
        twice.addAll(present.subList(0, 1000)); // in two packs
        twice.parallelStream().forEach(id -> table.add(id, expectedUnusedLength, true));
        int slices = table.settle();
        long count = 0;
        long unused = 0;
        long unusedBytes = 0;
        int asked = 0;
        for (int slice = 0; slice < slices; slice++) {
            if (slice > 0) {
                table.begin(slice);
                twice.parallelStream().forEach(id -> table.add(id, expectedUnusedLength, true));
            }
            for (int i = 0; i < CHUNKS; i++) {
                if (table.covers(present.get(i))) {
                    asked++;
                    assertTrue(
                            i % 2 == 1 || table.use(present.get(i)) == ChunkTable.State.WHOLE,
                            "seed " + seed + ", chunk " + i);
                }
                if (table.covers(absent.get(i))) {
                    assertTrue(
                            table.use(absent.get(i)) == ChunkTable.State.ABSENT,
                            "seed " + seed + ", absent chunk " + i);
                }
            }
            count += table.count();
            unused += table.unusedCount();
            unusedBytes += table.unusedBytes();
        }
        assertEquals(CHUNKS, asked, "every chunk is in one slice");
        assertEquals(CHUNKS, count);
        assertEquals(CHUNKS / 2, unused);
        double expected = CHUNKS / 2.0 * expectedUnusedLength;
        assertEquals(expected, (double) unusedBytes, expected / 50);
        return slices;
    }

    @Test
    void withRoomForAll() {
        assertEquals(1, goThrough(1 << 20, 65536));
    }

    @Test
    void withRoomForAPart() {
        IntStream.of(32 << 10, 100_000, 200_000).forEach(memory -> {
            int slices = goThrough(memory, 1 + random.nextInt(4 << 20));
            double least = CHUNKS * 8.0 / memory;
            assertTrue(
                    slices >= least && slices <= 8 * least, slices + " slices of " + memory + " bytes, seed " + seed);
        });
    }
}
