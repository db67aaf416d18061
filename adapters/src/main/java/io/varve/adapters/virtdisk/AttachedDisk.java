package io.varve.adapters.virtdisk;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.varve.adapters.windows.NoAnswerException;
import io.varve.adapters.windows.OverlappedReads;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
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
    private static final int PIECE = 1 << 20;
    private static final int ALIGNMENT = 4096;

    private final String file;
    private final long size;
    private final int sectorSize;
    private final UUID id;
    private final OverlappedReads reads;

    /** Buffers that no thread reads into at the moment. */
    private final Queue<Memory> idle = new ConcurrentLinkedQueue<>();

    AttachedDisk(String file, long size, int sectorSize, UUID id, OverlappedReads reads) {
        this.file = file;
        this.size = size;
        this.sectorSize = sectorSize;
        this.id = id;
        this.reads = reads;
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
        return RangeSet.of(window).clip(new Range(0, size));
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, target.remaining(), size);
        Memory polled = idle.poll();
        Memory buffer = polled == null ? new Memory(PIECE + ALIGNMENT) : polled;
        try {
            read(buffer.align(ALIGNMENT), offset, target);
        } catch (NoAnswerException | InterruptedIOException e) {
            throw e; // Windows may still write to the buffer
        } catch (IOException | RuntimeException e) {
            idle.add(buffer);
            throw e;
        }
        idle.add(buffer);
    }

    private void read(Pointer aligned, long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            long from = at / sectorSize * sectorSize;
            int skipped = (int) (at - from);
            int wanted = Math.min(PIECE - skipped, target.remaining());
            int length = (skipped + wanted + sectorSize - 1) / sectorSize * sectorSize;
            int got = reads.read(from, aligned, length);
            if (got != length) {
                throw new IOException(file + ": at offset " + from + " of the disk, expected " + length
                        + " bytes, Windows read " + got);
            }
            target.put(aligned.getByteBuffer(skipped, wanted));
            at += wanted;
        }
    }

    /** When nobody reads any more. The disk itself stays attached until its handle is closed. */
    @Override
    public void close() {
        reads.close();
        idle.clear();
    }
}
