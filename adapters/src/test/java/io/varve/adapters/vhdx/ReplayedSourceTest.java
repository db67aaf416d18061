package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.contract.ByteSourceContract;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.vhdx.log.LogPatches;
import io.varve.adapters.vhdx.log.LogPatches.Patch;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Content that comes partly from the file, partly from patches in random, overlapping order. */
class ReplayedSourceTest extends ByteSourceContract {
    private static final int PAGE = 4096;

    @Override
    protected ByteSource source(byte[] content) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int pages = content.length / PAGE;
        // The file ends before the last page; behind its end come the data sectors, as in a log.
        byte[] file = Arrays.copyOf(content, content.length + pages * PAGE);
        LogPatches patches = new LogPatches();
        boolean[] zeros = new boolean[pages];
        for (int page = 0; page < pages; page++) {
            boolean zero = Arrays.mismatch(content, page * PAGE, (page + 1) * PAGE, new byte[PAGE], 0, PAGE) < 0;
            zeros[page] = zero;
            if (!zero && random.nextInt(3) == 0) {
                Arrays.fill(file, page * PAGE, (page + 1) * PAGE, (byte) 0x77);
            }
        }
        for (int from = 0; from < pages; from += 1 + random.nextInt(8)) {
            int end = Math.min(pages, from + 1 + random.nextInt(10));
            patches.put(Patch.zeros((long) from * PAGE, (long) end * PAGE));
        }
        for (int page = 0; page < pages; page++) {
            boolean right =
                    Arrays.equals(content, page * PAGE, (page + 1) * PAGE, file, page * PAGE, (page + 1) * PAGE);
            boolean covered = patches.touches((long) page * PAGE, (page + 1L) * PAGE);
            if (!zeros[page] && (covered || !right)) {
                patches.put(patch(content, file, page, content.length + page * PAGE));
            } else if (zeros[page] && random.nextBoolean()) {
                Arrays.fill(file, page * PAGE, (page + 1) * PAGE, (byte) 0x77);
                patches.put(Patch.zeros((long) page * PAGE, (page + 1L) * PAGE));
            }
        }
        return new ReplayedSource(new MemoryByteSource(file), patches, content.length, 1);
    }

    private static Patch patch(byte[] content, byte[] file, int page, int sectorAt) {
        System.arraycopy(content, page * PAGE + 8, file, sectorAt + 8, PAGE - 12);
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        return new Patch(
                (long) page * PAGE,
                (page + 1L) * PAGE,
                sectorAt,
                bytes.getLong(page * PAGE),
                bytes.getInt(page * PAGE + PAGE - 4));
    }

    @Test
    void theFileBelowIsWatched() throws IOException {
        Disturbance written = new Disturbance(Disturbance.CHANGED, "somebody wrote");
        ByteSource file = new MemoryByteSource(new byte[PAGE]) {
            @Override
            public List<Disturbance> disturbances() {
                return List.of(written);
            }
        };
        assertEquals(List.of(written), new ReplayedSource(file, new LogPatches(), PAGE, 1).disturbances());
    }
}
