package io.varve.adapters.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes log entries into a VHDX in memory, one behind the other around the ring. Written from the specification and
 * from nothing of ours. Fields are public: a test lies where it likes.
 */
public final class VhdxLogWriter {
    public static final int SECTOR = 4096;

    private final byte[] file;
    private final int logOffset;
    private final int logLength;
    private final List<byte[]> descriptors = new ArrayList<>();
    private final List<byte[]> pages = new ArrayList<>();

    /** Position of the next entry in the ring. */
    public int position;

    public long sequence = 100;
    public int tail;
    public long flushed;
    public long last;
    public byte[] guid;
    public boolean torn;

    /** Where the last entry was written. */
    public int entryAt;

    public VhdxLogWriter(byte[] file, int logOffset, int logLength, byte[] guid) {
        this.file = file;
        this.logOffset = logOffset;
        this.logLength = logLength;
        this.guid = guid;
        this.last = file.length;
    }

    public VhdxLogWriter data(long offset, byte[] page) {
        byte[] descriptor = descriptor("desc", offset);
        System.arraycopy(page, 4092, descriptor, 4, 4);
        System.arraycopy(page, 0, descriptor, 8, 8);
        byte[] sector = page.clone();
        ByteBuffer bytes = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, "data".getBytes(StandardCharsets.US_ASCII)).putInt(4, (int) (sequence >>> 32));
        bytes.putInt(4092, (int) sequence);
        descriptors.add(descriptor);
        pages.add(sector);
        return this;
    }

    public VhdxLogWriter zero(long offset, long length) {
        byte[] descriptor = descriptor("zero", offset);
        ByteBuffer.wrap(descriptor).order(ByteOrder.LITTLE_ENDIAN).putLong(8, length);
        descriptors.add(descriptor);
        return this;
    }

    private byte[] descriptor(String signature, long offset) {
        ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, signature.getBytes(StandardCharsets.US_ASCII))
                .putLong(16, offset)
                .putLong(24, sequence);
        return bytes.array();
    }

    /** Bytes of the entry as it stands. */
    public int length() {
        int sectors = (64 + 32 * descriptors.size() + SECTOR - 1) / SECTOR;
        return (sectors + pages.size()) * SECTOR;
    }

    /** Writes the entry at {@link #position} and begins the next one; a torn one lacks its last sector. */
    public void write() {
        byte[] entry = new byte[length()];
        ByteBuffer bytes = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(0, "loge".getBytes(StandardCharsets.US_ASCII))
                .putInt(8, entry.length)
                .putInt(12, tail)
                .putLong(16, sequence)
                .putInt(24, descriptors.size())
                .put(32, guid)
                .putLong(48, flushed)
                .putLong(56, last);
        bytes.position(64);
        descriptors.forEach(bytes::put);
        bytes.position(entry.length - pages.size() * SECTOR);
        pages.forEach(bytes::put);
        VhdxBuilder.seal(entry, 0, entry.length);
        int written = entry.length - (torn ? SECTOR : 0);
        for (int at = 0; at < written; at += SECTOR) {
            System.arraycopy(entry, at, file, logOffset + (position + at) % logLength, SECTOR);
        }
        entryAt = position;
        position = (position + entry.length) % logLength;
        sequence++;
        descriptors.clear();
        pages.clear();
    }

    /** A page of this value. */
    public static byte[] page(int value) {
        byte[] page = new byte[SECTOR];
        Arrays.fill(page, (byte) value);
        return page;
    }
}
