package io.varve.adapters.vhdx;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;

/** A file in memory whose changes are taken back, so that a fuzzer need not copy it for every input. */
final class PatchedFile {
    private final byte[] file;
    private final ByteBuffer bytes;
    private final Deque<long[]> undo = new ArrayDeque<>();

    PatchedFile(byte[] file) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes() {
        return file;
    }

    /** Writes the lowest {@code width} bytes of {@code value}, 1, 2, 4 or 8; nothing where the file ends before. */
    void put(int at, int width, long value) {
        if (at < 0 || at > file.length - Long.BYTES) {
            return;
        }
        undo.push(new long[] {at, bytes.getLong(at)});
        switch (width) {
            case 1 -> bytes.put(at, (byte) value);
            case 2 -> bytes.putShort(at, (short) value);
            case 4 -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
    }

    /** Makes a checksum right. */
    void seal(int at, int length) {
        put(at + 4, 4, 0);
        VhdxBuilder.seal(file, at, length);
    }

    MemoryByteSource source(int size) {
        return new MemoryByteSource(file, size);
    }

    void takeBack() {
        while (!undo.isEmpty()) {
            long[] old = undo.pop();
            bytes.putLong((int) old[0], old[1]);
        }
    }
}
