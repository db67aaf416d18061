package io.varve.adapters.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageCacheTest {
    private final List<Long> loaded = new ArrayList<>();

    private Long load(long number) throws IOException {
        if (number == 99) {
            throw new IOException("bad page");
        }
        loaded.add(number);
        return number * 10;
    }

    @Test
    void inOrderEachIsLoadedOnce() throws IOException {
        PageCache<Long> pages = new PageCache<>(4, this::load);
        for (long i = 0; i < 100; i++) {
            assertEquals(i / 10 * 10, pages.page(i / 10));
        }
        assertEquals(10, loaded.size());
    }

    @Test
    void pagesOfOneSlotDriveEachOtherOut() throws IOException {
        PageCache<Long> pages = new PageCache<>(4, this::load);
        for (long page : new long[] {1, 2, 1, 5, 5, 1}) {
            assertEquals(page * 10, pages.page(page));
        }
        assertEquals(List.of(1L, 2L, 5L, 1L), loaded);
    }

    @Test
    void aFailureIsNotKept() throws IOException {
        PageCache<Long> pages = new PageCache<>(1, this::load);
        assertEquals(30, pages.page(3));
        assertThrows(IOException.class, () -> pages.page(99));
        assertThrows(IOException.class, () -> pages.page(99));
        assertEquals(30, pages.page(3));
        assertEquals(List.of(3L), loaded);
    }
}
