package io.varve.store.parity;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Reads the parity object of one pack: the hashes of the pack's sectors, and the intact parity sectors. Damage to the
 * object affects only what it hits, because the head is stored twice and a sector counts as intact if its hash is in
 * either table. For one thread. Heap: 0.4 per cent of the length of the pack.
 */
final class ParityReader {
    private final Backend backend;
    private final String object;
    private final ParityHead head;
    private final ByteBuffer[] tables = new ByteBuffer[2];

    private ParityReader(Backend backend, String object, ParityHead head) throws IOException {
        this.backend = backend;
        this.object = object;
        this.head = head;
        for (int i = 0; i < 2; i++) {
            tables[i] = ByteBuffer.wrap(read(head.tableOffset() + (long) i * head.tableLength(), head.tableLength()))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Opens the parity of {@code pack}.
     *
     * @throws CorruptDataException if neither head can be read
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    static ParityReader open(Backend backend, ChunkId pack) throws IOException {
        String object = Parity.objectName(pack);
        long size = backend.size(object);
        for (long offset : new long[] {0, size - ParityHead.SIZE}) {
            byte[] bytes = new byte[ParityHead.SIZE];
            Optional<ParityHead> head = Optional.empty();
            if (offset >= 0 && offset + ParityHead.SIZE <= size) {
                try {
                    backend.read(object, offset, ByteBuffer.wrap(bytes));
                    head = ParityHead.decode(bytes);
                } catch (CorruptDataException e) {
                    // An unreadable sector; the other head may be readable.
                }
            }
            if (head.isPresent() && head.get().pack().equals(pack)) {
                return new ParityReader(backend, object, head.get());
            }
        }
        throw ParityHead.none(object);
    }

    ParityLayout layout() {
        return head.layout();
    }

    /** Reads bytes of the object; zeros in place of what cannot be read. */
    private byte[] read(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += ParityLayout.SECTOR) {
            int piece = Math.min(ParityLayout.SECTOR, length - at);
            try {
                backend.read(object, offset + at, ByteBuffer.wrap(bytes, at, piece));
            } catch (CorruptDataException e) {
                java.util.Arrays.fill(bytes, at, at + piece, (byte) 0);
            }
        }
        return bytes;
    }

    /** Whether {@code bytes}, a whole sector from {@code at} on, match the hash of sector {@code index} of the pack. */
    boolean isSound(int index, byte[] bytes, int at) {
        long hash = XxHash.hash64(bytes, at, ParityLayout.SECTOR);
        return tables[0].getLong(8 * index) == hash || tables[1].getLong(8 * index) == hash;
    }

    /** Returns parity {@code q} of a stripe, or null if it is damaged. */
    byte[] parity(int stripe, int q) throws IOException {
        int position = layout().position(stripe, q);
        byte[] sector = read(ParityHead.parityOffset(position), ParityLayout.SECTOR);
        return isSound(layout().sectors() + position, sector, 0) ? sector : null;
    }

    /** @throws CorruptDataException if any byte of the object is damaged */
    void checkAll() throws IOException {
        if (backend.size(object) != head.objectLength()) {
            throw new CorruptDataException(object, -1, head.objectLength() + " bytes", backend.size(object) + " bytes");
        }
        for (long offset : new long[] {0, head.objectLength() - ParityHead.SIZE}) {
            byte[] bytes = new byte[ParityHead.SIZE];
            backend.read(object, offset, ByteBuffer.wrap(bytes));
            if (!ParityHead.decode(bytes).equals(Optional.of(head))) {
                throw new CorruptDataException(object, offset, "the head of this parity object", "something else");
            }
        }
        int different = tables[0].mismatch(tables[1]);
        if (different >= 0) {
            throw new CorruptDataException(
                    object, head.tableOffset() + different, "two equal tables of hashes", "two different ones");
        }
        for (int stripe = 0; stripe < layout().stripes(); stripe++) {
            for (int q = 0; q < StripeCode.PARITY; q++) {
                if (parity(stripe, q) == null) {
                    throw new CorruptDataException(
                            object,
                            ParityHead.parityOffset(layout().position(stripe, q)),
                            "a parity sector with the hash in the table",
                            "another one");
                }
            }
        }
    }
}
