package io.varve.store.parity;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.PackFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The head of a parity object, which says what pack it belongs to. It is stored at the beginning and again at the end;
 * {@code docs/format.md} has the table.
 *
 * @param pack name of the pack
 */
record ParityHead(ChunkId pack, ParityLayout layout) {
    static final int SIZE = 72;
    private static final long MAGIC = 0x4952_4150_5652_4156L; // "VARVPARI"
    private static final int VERSION = 1;

    byte[] encode() {
        ByteBuffer head = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(MAGIC).putInt(VERSION).putInt(ParityLayout.SECTOR).put(pack.toBytes());
        head.putLong(layout.packLength()).putInt(layout.columns()).putInt(StripeCode.PARITY);
        return head.putLong(XxHash.hash64(head.array(), 0, SIZE - 8)).array();
    }

    /** Decodes a head; empty if the bytes are something else, or of an unknown version. */
    static Optional<ParityHead> decode(byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long packLength = head.getLong(48);
        int columns = head.getInt(56);
        boolean sound = head.getLong(0) == MAGIC
                && head.getLong(SIZE - 8) == XxHash.hash64(bytes, 0, SIZE - 8)
                && head.getInt(8) == VERSION
                && head.getInt(12) == ParityLayout.SECTOR
                && packLength > 0
                && packLength <= PackFormat.MAX_PACK_SIZE
                && columns > 0
                && columns <= StripeCode.MAX_COLUMNS
                && head.getInt(60) == StripeCode.PARITY;
        return sound
                ? Optional.of(new ParityHead(ChunkId.read(bytes, 16), new ParityLayout(packLength, columns)))
                : Optional.empty();
    }

    /** Length in bytes of one hash table: XXH3-64 of every sector of the pack, then of every parity sector. */
    int tableLength() {
        return 8 * (layout.sectors() + layout.paritySectors());
    }

    /** Offset at which parity sector {@code position} begins. */
    static long parityOffset(int position) {
        return SIZE + (long) position * ParityLayout.SECTOR;
    }

    /** Offset at which the first table begins. The second table follows it, and then the second head. */
    long tableOffset() {
        return parityOffset(layout.paritySectors());
    }

    /** Length of the whole object in bytes. */
    long objectLength() {
        return tableOffset() + 2L * tableLength() + SIZE;
    }

    static CorruptDataException none(String object) {
        return new CorruptDataException(object, 0, "the head of a parity object, there or at its end", "neither");
    }
}
