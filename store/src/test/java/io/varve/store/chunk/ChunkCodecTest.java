package io.varve.store.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.pack.Packs;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChunkCodecTest {
    private static final int MOST = 70_000;
    private static final byte FENCE = 0x5A;

    private final ChunkCodec codec = new ChunkCodec(MOST);

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** A target of {@code length} bytes with fences on both sides. */
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

    private ByteBuffer roundTrip(byte[] content, Codec expected, String where) {
        ByteBuffer plaintext = direct(content);
        ChunkCodec.Encoded encoded = codec.encode(plaintext);
        assertEquals(0, plaintext.position(), where);
        assertEquals(content.length, plaintext.limit(), where);
        assertEquals(expected, encoded.codec(), where);
        ByteBuffer target = fenced(content.length);
        assertTrue(ChunkCodec.decode(encoded.codec(), encoded.payload(), target), where);
        assertFencesStand(target, content.length, where);
        assertEquals(ByteBuffer.wrap(content), target, where);
        return encoded.payload();
    }

    @Test
    void compressible() {
        for (int length : new int[] {64, 100, 4096, 65_536, MOST}) {
            assertTrue(roundTrip(Packs.text(length, 1), Codec.LZ4, length + " bytes")
                            .remaining()
                    < length);
        }
    }

    @Test
    void incompressibleIsStoredAsItIs() {
        for (int length : new int[] {64, 4096, 65_536, MOST}) {
            assertEquals(
                    length,
                    roundTrip(Packs.random(length, 1), Codec.RAW, length + " bytes")
                            .remaining());
        }
    }

    @Test
    void tinyIsStoredAsItIs() {
        for (int length = 1; length < 13; length++) {
            roundTrip(Packs.text(length, 1), Codec.RAW, length + " bytes");
        }
    }

    /** Compression must save a sixteenth, or it is not worth the time it takes to undo. */
    @Test
    void aSavingBelowASixteenthDoesNotPay() {
        byte[] content = Packs.random(4096, 1);
        java.util.Arrays.fill(content, 0, 200, (byte) 1);
        roundTrip(content, Codec.RAW, "200 of 4096 bytes repeat");
        java.util.Arrays.fill(content, 0, 400, (byte) 1);
        roundTrip(content, Codec.LZ4, "400 of 4096 bytes repeat");
    }

    @Test
    void aTargetOfAnotherLengthIsRefused() {
        ByteBuffer raw = direct(Packs.random(100, 1));
        ByteBuffer lz4 = codec.encode(direct(Packs.text(1000, 1))).payload();
        for (int length : new int[] {0, 1, 50, 99, 101, 999, 1001, 5000}) {
            ByteBuffer target = fenced(length);
            assertFalse(ChunkCodec.decode(Codec.RAW, raw, target), length + " bytes");
            assertFencesStand(target, length, "raw into " + length);
            assertFalse(ChunkCodec.decode(Codec.LZ4, lz4, target), length + " bytes");
            assertFencesStand(target, length, "lz4 into " + length);
        }
    }

    @Test
    void aPayloadCutAtAnyLengthIsRefusedOrNotTheContent() {
        byte[] content = Packs.text(1000, 1);
        System.arraycopy(Packs.random(200, 1), 0, content, 300, 200);
        ByteBuffer payload = codec.encode(direct(content)).payload();
        for (int length = 0; length < payload.remaining(); length++) {
            ByteBuffer target = fenced(content.length);
            assertFalse(ChunkCodec.decode(Codec.LZ4, payload.slice(0, length), target), "cut at " + length);
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
            if (random.nextBoolean()) {
                payload = Packs.random(random.nextInt(200), random.nextLong());
            } else {
                ByteBuffer encoded = codec.encode(direct(Packs.text(50 + random.nextInt(500), 3)))
                        .payload();
                payload = new byte[encoded.remaining()];
                encoded.get(payload);
                int at = random.nextInt(payload.length);
                payload[at] = (byte) (payload[at] ^ (1 << random.nextInt(8)));
            }
            int length = random.nextInt(600);
            ByteBuffer target = fenced(length);
            String where = "seed " + seed + ", round " + round;
            boolean sound = ChunkCodec.decode(Codec.LZ4, direct(payload), target);
            assertFencesStand(target, length, where);
            assertFalse(sound && payload.length == 0, where);
        }
    }
}
