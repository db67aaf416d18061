package io.varve.adapters.virtdisk;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A virtual disk that Windows reads for us, through a handle that it is attached to. Reads go past the cache, so they
 * are whole sectors into aligned memory; several may be under way. What is free cannot be told: everything may hold
 * data.
 *
 * <p>Memory: {@value #PIECE} bytes of native memory for each thread that reads at once.
 */
final class AttachedDisk implements DiskImage {
    private static final int ERROR_IO_PENDING = 997;
    private static final int PIECE = 1 << 20;
    private static final int ALIGNMENT = 4096;

    private final String file;
    private final long size;
    private final int sectorSize;
    private final UUID id;
    private final VirtdiskLibrary.Handles calls;
    private final Pointer handle;
    private final Queue<Reading> idle = new ConcurrentLinkedQueue<>();

    AttachedDisk(String file, long size, int sectorSize, UUID id, VirtdiskLibrary.Handles calls, Pointer handle) {
        this.file = file;
        this.size = size;
        this.sectorSize = sectorSize;
        this.id = id;
        this.calls = calls;
        this.handle = handle;
    }

    /** What one read under way needs. */
    private static final class Reading {
        final Memory overlapped = new Memory(Abi.OVERLAPPED_SIZE);
        final Memory buffer = new Memory(PIECE + ALIGNMENT);
        final Pointer aligned;
        final Pointer event;

        Reading(Pointer event) {
            this.event = event;
            this.aligned = buffer.align(ALIGNMENT);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int logicalSectorSize() {
        return sectorSize;
    }

    @Override
    public int physicalSectorSize() {
        return sectorSize;
    }

    @Override
    public Optional<UUID> guid() {
        return Optional.of(id);
    }

    @Override
    public String format() {
        return "virtdisk";
    }

    @Override
    public String location() {
        return file;
    }

    @Override
    public RangeSet allocated(Range window) {
        return RangeSet.of(window);
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        if (offset < 0 || target.remaining() > size - offset) {
            throw new IndexOutOfBoundsException(
                    target.remaining() + " bytes at " + offset + " of a disk of " + size + " bytes");
        }
        Reading polled = idle.poll();
        Reading reading = polled == null ? new Reading(newEvent()) : polled;
        try {
            read(reading, offset, target);
        } finally {
            idle.add(reading); // nothing of it is under way, whatever came of it
        }
    }

    private void read(Reading reading, long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            long from = at / sectorSize * sectorSize;
            int skipped = (int) (at - from);
            int wanted = Math.min(PIECE - skipped, target.remaining());
            int length = (skipped + wanted + sectorSize - 1) / sectorSize * sectorSize;
            readSectors(reading, from, length);
            target.put(reading.aligned.getByteBuffer(skipped, wanted));
            at += wanted;
        }
    }

    private Pointer newEvent() throws IOException {
        Pointer event = calls.CreateEventW(null, 1, 0, null);
        if (event == null) {
            throw new VirtdiskException(file, "make an event to wait for reads with", Native.getLastError());
        }
        return event;
    }

    private void readSectors(Reading reading, long offset, int length) throws IOException {
        Memory overlapped = reading.overlapped;
        overlapped.clear();
        overlapped.setInt(Abi.OVERLAPPED_OFFSET, (int) offset);
        overlapped.setInt(Abi.OVERLAPPED_OFFSET_HIGH, (int) (offset >>> 32));
        overlapped.setPointer(Abi.OVERLAPPED_EVENT, reading.event);
        String what = "read " + length + " bytes at " + offset + " of the disk";
        if (calls.ReadFile(handle, reading.aligned, length, null, overlapped) == 0) {
            int code = Native.getLastError();
            if (code != ERROR_IO_PENDING) {
                throw new VirtdiskException(file, what, code);
            }
        }
        IntByReference got = new IntByReference(0);
        if (calls.GetOverlappedResult(handle, overlapped, got, 1) == 0) {
            throw new VirtdiskException(file, what, Native.getLastError());
        }
        if (got.getValue() != length) {
            throw new IOException(file + ": cannot " + what + ": got " + got.getValue());
        }
    }

    /** When nobody reads any more. The disk itself stays attached until its handle is closed. */
    @Override
    public void close() {
        for (Reading reading = idle.poll(); reading != null; reading = idle.poll()) {
            calls.CloseHandle(reading.event);
        }
    }
}
