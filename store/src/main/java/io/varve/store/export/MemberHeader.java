package io.varve.store.export;

import io.varve.store.fault.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The header of each member of an export: a tar header (POSIX ustar) in which only name and size vary.
 *
 * @param name of the object, at most 100 bytes of ASCII
 * @param size length of its content in bytes, which is followed by zeros up to a multiple of {@link #BLOCK}
 */
record MemberHeader(String name, long size) {
    static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int CHECKSUM_AT = 148;
    private static final long MAX_SIZE = (1L << 33) - 1;

    MemberHeader {
        if (name.isEmpty() || name.length() > NAME_LENGTH || size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("no member of an export: " + name + ", " + size + " bytes");
        }
    }

    /** Number of zero bytes after the content. */
    int padding() {
        return (int) (-size & BLOCK - 1);
    }

    /** Encodes the header as a tar block. */
    byte[] encode() {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, "0000644"); // mode: readable by everybody
        put(block, 108, "0000000"); // owner
        put(block, 116, "0000000"); // group
        put(block, SIZE_AT, String.format(Locale.ROOT, "%011o", size));
        put(block, 136, "00000000000"); // time: zero, so that the same snapshot gives the same bytes
        Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
        block[156] = '0'; // type: regular file
        put(block, 257, "ustar");
        put(block, 263, "00");
        put(block, 329, "0000000");
        put(block, 337, "0000000");
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xFF;
        }
        put(block, CHECKSUM_AT, String.format(Locale.ROOT, "%06o", sum));
        block[CHECKSUM_AT + 6] = 0;
        return block;
    }

    private static void put(byte[] block, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, offset, bytes.length);
    }

    /**
     * Decodes a header, and accepts only bytes that {@link #encode} produces.
     *
     * @param file for messages, like {@code offset}
     */
    static MemberHeader decode(byte[] block, String file, long offset) throws CorruptDataException {
        int length = 0;
        while (length < NAME_LENGTH && block[length] != 0) {
            length++;
        }
        String name = new String(block, 0, length, StandardCharsets.US_ASCII);
        String digits = new String(block, SIZE_AT, 11, StandardCharsets.US_ASCII);
        if (name.isEmpty() || !digits.matches("[0-7]{11}")) {
            throw new CorruptDataException(file, offset, "the header of a member (tar)", "other bytes");
        }
        MemberHeader header = new MemberHeader(name, Long.parseLong(digits, 8));
        int wrong = Arrays.mismatch(header.encode(), block);
        if (wrong >= 0) {
            throw new CorruptDataException(
                    file, offset + wrong, "the header of a member (tar) as docs/format.md has it", "other bytes");
        }
        return header;
    }
}
