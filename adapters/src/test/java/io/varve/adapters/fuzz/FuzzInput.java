package io.varve.adapters.fuzz;

import java.util.Arrays;

/** The bytes of a fuzzer, read as numbers; behind their end come zeros. For one thread. */
public final class FuzzInput {
    /** Numbers at which formats and arithmetic change their mind. */
    private static final long[] VALUES = {
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        127,
        255,
        511,
        512,
        4096,
        65535,
        65536,
        1 << 20,
        2 << 20,
        3 << 20,
        4 << 20,
        5 << 20,
        6 << 20,
        4 << 20 | 6,
        5 << 20 | 7,
        6 << 20 | 6,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 46,
        1L << 62,
        Long.MIN_VALUE,
        -1
    };

    private final byte[] bytes;
    private int at;

    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return at < bytes.length;
    }

    public int u8() {
        return at < bytes.length ? bytes[at++] & 0xFF : 0;
    }

    public int u16() {
        return u8() | u8() << 8;
    }

    public long u64() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value |= (long) u8() << shift;
        }
        return value;
    }

    /** A number of any size in few bytes, often one that is worth trying. */
    public long value() {
        int kind = u8();
        switch (kind & 3) {
            case 0:
                return u8();
            case 1:
                return u16();
            case 2:
                return VALUES[kind >>> 2 & 31] + (kind < 128 ? 0 : (byte) u8());
            default:
                return u64();
        }
    }

    /** All that was not read yet. */
    public byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, Math.min(at, bytes.length), bytes.length);
        at = bytes.length;
        return rest;
    }
}
