package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Beside a map, on the heap and in a file. */
class PagePlacesTest {
    private static ChunkId id(int number) {
        return new ChunkHasher().id(ByteBuffer.allocate(4).putInt(number).array());
    }

    private static void compare(long mostHeap) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Map<ChunkId, Place> expected = new HashMap<>();
        try (PagePlaces places = new PagePlaces(mostHeap)) {
            for (int i = 0; i < 20_000; i++) {
                ChunkId pack = id(-1 - i / 1000);
                int number = i % 1000 == 0 ? places.addPack(pack) : i / 1000;
                Place place = new Place(pack, random.nextLong(1 << 30), 1 + random.nextInt(8208));
                places.add(id(i), number, place.offset(), place.storedLength());
                places.add(id(random.nextInt(i + 1)), number, 40, 1); // in another pack too: the first counts
                expected.put(id(i), place);
            }
            for (int i = 0; i < 20_000; i++) {
                assertEquals(expected.get(id(i)), places.find(id(i)), "seed " + seed);
                assertNull(places.find(id(20_000 + i)), "seed " + seed);
            }
        }
    }

    @Test
    void inMemory() throws IOException {
        compare(1 << 20);
    }

    @Test
    void inAFile() throws IOException {
        compare(0);
    }
}
