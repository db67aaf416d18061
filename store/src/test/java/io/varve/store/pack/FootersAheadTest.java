package io.varve.store.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FootersAheadTest {
    private static final int WIDTH = 4;

    /** A backend whose answers wait until several were asked for. */
    private static final class Far extends MemoryBackend {
        final CountDownLatch together = new CountDownLatch(WIDTH);

        @Override
        public int requestsAtOnce() {
            return WIDTH;
        }

        @Override
        public long size(String name) throws IOException {
            together.countDown();
            try {
                assertTrue(together.await(20, TimeUnit.SECONDS), "requests are sent one after the other");
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return super.size(name);
        }
    }

    @Test
    void severalAreReadAtATimeAndEachFailureStaysWithItsPack() throws IOException {
        Far far = new Far();
        List<ChunkId> packs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] id = new byte[32];
            id[0] = (byte) i;
            packs.add(ChunkId.read(id, 0));
            if (i % 2 == 0) {
                far.put(PackFormat.objectName(packs.get(i)), new byte[100 + i]);
            }
        }
        try (FootersAhead footers = new FootersAhead(far, packs)) {
            for (int i = 0; i < 10; i++) {
                IOException failure = assertThrows(IOException.class, footers::next);
                assertEquals(i % 2 == 0 ? CorruptDataException.class : NoSuchFileException.class, failure.getClass());
                assertTrue(failure.getMessage().contains(packs.get(i).hex()), failure.getMessage());
            }
        }
    }
}
