package io.varve.store.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.PageSet;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveFilterTest {
    private static final ChunkHasher HASHER = new ChunkHasher();

    private static ChunkId id(int number) {
        return HASHER.id(ByteBuffer.allocate(4).putInt(0, number));
    }

    @Test
    void neverForgetsAndSeldomErrs() {
        int count = 200_000;
        LiveFilter filter = new LiveFilter(count, 42);
        for (int i = 0; i < count; i++) {
            filter.add(id(i));
        }
        for (int i = 0; i < count; i++) {
            assertTrue(filter.mayHave(id(i)), "chunk " + i);
        }
        int wrong = 0;
        for (int i = count; i < 2 * count; i++) {
            wrong += filter.mayHave(id(i)) ? 1 : 0;
        }
        assertTrue(wrong < count / 1000, wrong + " of " + count);
    }

    @Test
    void anotherSaltErrsElsewhere() {
        int count = 100_000;
        Set<Integer> both = new HashSet<>();
        for (int salt = 1; salt <= 2; salt++) {
            LiveFilter filter = new LiveFilter(count / 2, salt);
            for (int i = 0; i < count; i++) {
                filter.add(id(i));
            }
            Set<Integer> wrong = new HashSet<>();
            for (int i = count; i < 2 * count; i++) {
                if (filter.mayHave(id(i))) {
                    wrong.add(i);
                }
            }
            assertTrue(wrong.size() > 100, "overfilled, it errs: " + wrong.size());
            if (salt == 1) {
                both.addAll(wrong);
            } else {
                int before = both.size();
                both.retainAll(wrong);
                assertTrue(both.size() < before / 4, both.size() + " of " + before);
            }
        }
    }

    @Test
    void pagesAreKnownExactly() {
        PageSet pages = new PageSet();
        for (int i = 0; i < 50_000; i++) {
            assertTrue(pages.add(id(i)), "page " + i);
        }
        for (int i = 0; i < 50_000; i++) {
            assertFalse(pages.add(id(i)), "page " + i);
        }
        assertEquals(50_000, pages.count());
    }
}
