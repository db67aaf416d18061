package io.varve.store.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.pack.Packs;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZstandardTest {
    private static final int MOST = 70_000;
    private static final byte FENCE = 0x5A;

    private final ChunkCodec codec = new ChunkCodec(MOST, Compression.zstd(3));

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static ByteBuffer fenced(int length) {
        ByteBuffer all = ByteBuffer.allocateDirect(length + 64);
        while (all.hasRemaining()) {
            all.put(FENCE);
        }
        return all.position(32).limit(32 + length);
    }

    private static void assertFencesStand(ByteBuffer target, int length, String where) {
        assertEquals(32, target.position(), where);
        assertEquals(32 + length, target.limit(), where);
        for (int i = 0; i < 32; i++) {
            assertEquals(FENCE, target.duplicate().clear().get(i), where + ": written before the target");
            assertEquals(FENCE, target.duplicate().clear().get(32 + length + i), where + ": written behind the target");
        }
    }

    @Test
    void everyLevelGivesBackWhatWentIn() {
        for (int level = 1; level <= Compression.MAX_LEVEL; level++) {
            ChunkCodec of = new ChunkCodec(MOST, Compression.zstd(level));
            for (int length : new int[] {100, 4096, 65_536, MOST}) {
                byte[] content = Packs.text(length, level);
                ChunkCodec.Encoded encoded = of.encode(direct(content));
                String where = "level " + level + ", " + length + " bytes";
                assertEquals(Codec.ZSTD, encoded.codec(), where);
                ByteBuffer target = fenced(length);
                assertTrue(ChunkCodec.decode(Codec.ZSTD, encoded.payload(), target), where);
                assertFencesStand(target, length, where);
                assertEquals(ByteBuffer.wrap(content), target, where);
            }
        }
    }

    @Test
    void whatDoesNotPayIsStoredAsItIs() {
        for (int length : new int[] {1, 2, 12, 16, 17, 64, 4096, 65_536, MOST}) {
            ChunkCodec.Encoded encoded = codec.encode(direct(Packs.random(length, 1)));
            assertEquals(Codec.RAW, encoded.codec(), length + " bytes");
            assertEquals(length, encoded.payload().remaining());
        }
        byte[] content = Packs.random(4096, 1);
        java.util.Arrays.fill(content, 0, 200, (byte) 1);
        assertEquals(Codec.RAW, codec.encode(direct(content)).codec(), "saves less than a sixteenth");
        assertEquals(Codec.ZSTD, codec.encode(direct(Packs.text(4096, 1))).codec(), "the context serves on");
    }

    @Test
    void noneCompressesNothing() {
        ChunkCodec none = new ChunkCodec(MOST, Compression.NONE);
        assertEquals(Codec.RAW, none.encode(direct(new byte[4096])).codec());
        assertThrows(IllegalArgumentException.class, () -> Compression.zstd(0));
        assertThrows(IllegalArgumentException.class, () -> Compression.zstd(20));
        assertThrows(IllegalArgumentException.class, () -> new Compression(Codec.SEALED_ZSTD, 1));
    }

    @Test
    void heapBuffersAreDecodedToo() {
        byte[] content = Packs.text(5000, 1);
        ByteBuffer payload = codec.encode(direct(content)).payload();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        ByteBuffer target = ByteBuffer.allocate(content.length);
        assertTrue(ChunkCodec.decode(Codec.ZSTD, ByteBuffer.wrap(bytes), target));
        assertEquals(ByteBuffer.wrap(content), target);
    }

    @Test
    void aTargetOfAnotherLengthAndACutPayloadAreRefused() {
        byte[] content = Packs.text(1000, 1);
        ByteBuffer payload = codec.encode(direct(content)).payload();
        for (int length : new int[] {0, 1, 50, 999, 1001, 5000}) {
            ByteBuffer target = fenced(length);
            assertFalse(ChunkCodec.decode(Codec.ZSTD, payload, target), length + " bytes");
            assertFencesStand(target, length, length + " bytes");
        }
        for (int length = 0; length < payload.remaining(); length++) {
            ByteBuffer target = fenced(content.length);
            assertFalse(ChunkCodec.decode(Codec.ZSTD, payload.slice(0, length), target), "cut at " + length);
            assertFencesStand(target, content.length, "cut at " + length);
        }
    }

    /** Garbage and flipped bits: an answer, never an exception, and no byte outside the target. */
    @Test
    void garbageNeverLeavesTheTarget() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] payload;
            if (random.nextInt(4) == 0) {
                payload = Packs.random(random.nextInt(200), random.nextLong());
            } else {
                ByteBuffer encoded = codec.encode(direct(Packs.text(100 + random.nextInt(500), 3)))
                        .payload();
                payload = new byte[encoded.remaining()];
                encoded.get(payload);
                int at = random.nextInt(payload.length);
                payload[at] = (byte) (payload[at] ^ (1 << random.nextInt(8)));
            }
            int length = random.nextInt(600);
            ByteBuffer target = fenced(length);
            String where = "seed " + seed + ", round " + round;
            boolean sound = ChunkCodec.decode(Codec.ZSTD, direct(payload), target);
            assertFencesStand(target, length, where);
            assertFalse(sound && payload.length == 0 && length > 0, where);
        }
    }
}
