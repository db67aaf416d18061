package io.varve.store.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against the vectors of xxHash's own sanity check (seed 0): one of every length class of the algorithm. */
class XxHashTest {
    private static final long PRIME_32 = 2654435761L;
    private static final long PRIME_64 = 0x9E3779B185EBCA8DL;

    private record Vector64(int length, long hash) {}

    private static final Vector64[] VECTORS_64 = {
        new Vector64(0, 0x2D06800538D394C2L),
        new Vector64(1, 0xC44BDFF4074EECDBL),
        new Vector64(6, 0x27B56A84CD2D7325L),
        new Vector64(12, 0xA713DAF0DFBB77E7L),
        new Vector64(24, 0xA3FE70BF9D3510EBL),
        new Vector64(48, 0x397DA259ECBA1F11L),
        new Vector64(80, 0xBCDEFBBB2C47C90AL),
        new Vector64(195, 0xCD94217EE362EC3AL),
        new Vector64(403, 0xCDEB804D65C6DEA4L),
        new Vector64(512, 0x617E49599013CB6BL),
        new Vector64(2048, 0xDD59E2C3A5F038E0L),
        new Vector64(2240, 0x6E73A90539CF2948L),
        new Vector64(2367, 0xCB37AEB9E5D361EDL),
    };

    private record Vector128(int length, long low, long high) {}

    private static final Vector128[] VECTORS_128 = {
        new Vector128(0, 0x6001C324468D497FL, 0x99AA06D3014798D8L),
        new Vector128(1, 0xC44BDFF4074EECDBL, 0xA6CD5E9392000F6AL),
        new Vector128(6, 0x3E7039BDDA43CFC6L, 0x082AFE0B8162D12AL),
        new Vector128(12, 0x061A192713F69AD9L, 0x6E3EFD8FC7802B18L),
        new Vector128(24, 0x1E7044D28B1B901DL, 0x0CE966E4678D3761L),
        new Vector128(48, 0xF942219AED80F67BL, 0xA002AC4E5478227EL),
        new Vector128(81, 0x5E8BAFB9F95FB803L, 0x4952F58181AB0042L),
        new Vector128(222, 0xF1AEBD597CEC6B3AL, 0x337E09641B948717L),
        new Vector128(403, 0xCDEB804D65C6DEA4L, 0x1B6DE21E332DD73DL),
        new Vector128(512, 0x617E49599013CB6BL, 0x18D2D110DCC9BCA1L),
        new Vector128(2048, 0xDD59E2C3A5F038E0L, 0xF736557FD47073A5L),
        new Vector128(2240, 0x6E73A90539CF2948L, 0xCCB134FBFA7CE49DL),
        new Vector128(2367, 0xCB37AEB9E5D361EDL, 0xE89C0F6FF369B427L),
    };

    /** The input of the sanity check. */
    private static byte[] input(int length) {
        byte[] input = new byte[length];
        long generator = PRIME_32;
        for (int i = 0; i < length; i++) {
            input[i] = (byte) (generator >>> 56);
            generator *= PRIME_64;
        }
        return input;
    }

    @Test
    void publishedVectorsOf64Bits() {
        for (Vector64 vector : VECTORS_64) {
            byte[] input = input(vector.length);
            assertEquals(
                    Long.toHexString(vector.hash),
                    Long.toHexString(XxHash.hash64(input, 0, input.length)),
                    vector.length + " bytes");
        }
    }

    @Test
    void publishedVectorsOf128Bits() {
        for (Vector128 vector : VECTORS_128) {
            byte[] input = input(vector.length);
            assertArrayEquals(
                    new long[] {vector.low, vector.high},
                    XxHash.hash128(input, 0, input.length),
                    vector.length + " bytes");
        }
    }

    /** Whatever holds the bytes, and wherever in it they lie. */
    @Test
    void directHeapAndArrayAgree() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            int before = random.nextInt(20);
            byte[] bytes = new byte[before + random.nextInt(random.nextBoolean() ? 300 : 5000) + random.nextInt(20)];
            random.nextBytes(bytes);
            int length = random.nextInt(bytes.length - before + 1);
            long expected = XxHash.hash64(java.util.Arrays.copyOfRange(bytes, before, before + length), 0, length);
            String where = "seed " + seed + ", round " + round;
            assertEquals(expected, XxHash.hash64(bytes, before, length), where);
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
            ByteBuffer[] buffers = {
                ByteBuffer.wrap(bytes),
                direct,
                direct.asReadOnlyBuffer(),
                ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                ByteBuffer.wrap(bytes).slice(0, bytes.length),
            };
            for (ByteBuffer buffer : buffers) {
                buffer.clear().position(before).limit(before + length);
                assertEquals(expected, XxHash.hash64(buffer), where + ", " + buffer);
                assertEquals(before, buffer.position(), where);
                assertEquals(before + length, buffer.limit(), where);
                assertEquals(expected, XxHash.hash64(buffer.slice()), where + ", slice of " + buffer);
            }
        }
    }
}
