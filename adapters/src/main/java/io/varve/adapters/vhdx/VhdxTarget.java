package io.varve.adapters.vhdx;

import io.varve.adapters.file.AtomicBits;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.PartialFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A new dynamic VHDX (MS-VHDX 2). A block takes space when the first byte other than zero is written to it; blocks
 * nobody wrote are in state ZERO. It never uses the log: the headers, without which the file is no VHDX, are written
 * last, after everything else is durable, so a crash never leaves what looks like a whole disk.
 *
 * <p>Threading: as the port says; a block is allocated under one of {@value #STRIPES} locks. Heap: one bit per block, 8
 * MiB for 64 TiB in the smallest blocks; the BAT under construction is in the file itself, and zero there means not
 * allocated until {@code commit} completes it.
 */
public final class VhdxTarget implements DiskTarget {
    private static final int STRIPES = 64;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(64 * VhdxFormat.KIB).asReadOnlyBuffer();

    private final PartialFile file;
    private final NewVhdx disk;
    private final BlockGeometry geometry;
    private final NewLayout layout;

    /** Where the next block goes; also the length the file has to have. */
    private final AtomicLong nextPlace;

    /** Blocks that have a place; set after their entry was written, under their lock. */
    private final AtomicBits placed;

    private final Object[] stripes = new Object[STRIPES];

    private VhdxTarget(PartialFile file, NewVhdx disk) {
        this.file = file;
        this.disk = disk;
        this.geometry = new BlockGeometry(disk.size(), disk.blockSize(), disk.logicalSectorSize());
        this.layout = NewLayout.of(disk, geometry);
        this.nextPlace = new AtomicLong(layout.firstBlockOffset());
        this.placed = new AtomicBits(geometry.blockCount());
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /**
     * Begins a disk that {@code commit} will call {@code name}.
     *
     * @param replace whether an existing file of that name is replaced at commit; else it is an error
     * @throws TargetException when there can be no such disk, or the file cannot be made
     */
    public static VhdxTarget create(Path name, NewVhdx disk, boolean replace) throws IOException {
        if (disk.objection().isPresent()) {
            throw new TargetException(
                    name + ": cannot be a VHDX: " + disk.objection().get());
        }
        // Not marked sparse: on Windows, sparse VHDX files are not welcome everywhere.
        PartialFile file = PartialFile.create(name, replace, false);
        try {
            VhdxTarget target = new VhdxTarget(file, disk);
            file.setLength(target.layout.firstBlockOffset());
            return target;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public String location() {
        return file.name().toString();
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        Objects.checkFromIndexSize(offset, (long) source.remaining(), disk.size());
        int limit = source.limit();
        try {
            for (long position = offset; source.position() < limit; ) {
                long block = position / disk.blockSize();
                int inBlock = (int) (position % disk.blockSize());
                int length = Math.min(limit - source.position(), disk.blockSize() - inBlock);
                source.limit(source.position() + length);
                writeInBlock(block, inBlock, source);
                position += length;
            }
        } finally {
            source.limit(limit);
        }
    }

    private void writeInBlock(long block, int inBlock, ByteBuffer source) throws IOException {
        long place;
        synchronized (stripes[(int) (block % STRIPES)]) {
            place = place(block);
            if (place == 0 && !isZero(source)) {
                // Its space was never used, so whatever of the block is not written reads as zeros.
                place = nextPlace.getAndAdd(disk.blockSize());
                file.write(entryOffset(block), entryBytes().putLong(0, BatEntry.present(place)));
                placed.set(block);
            }
        }
        if (place == 0) {
            source.position(source.limit());
        } else {
            file.write(place + inBlock, source);
        }
    }

    private long entryOffset(long block) {
        return NewLayout.BAT_OFFSET + geometry.entryIndex(block) * BatEntry.SIZE;
    }

    private static ByteBuffer entryBytes() {
        return ByteBuffer.allocate(BatEntry.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where in the file the block is; 0 when it has no place yet. */
    private long place(long block) throws IOException {
        if (!placed.get(block)) {
            return 0;
        }
        ByteBuffer entry = entryBytes();
        file.read(entryOffset(block), entry);
        return BatEntry.offset(entry.getLong(0));
    }

    private static boolean isZero(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), ZEROS.capacity());
            ByteBuffer piece = rest.duplicate().limit(rest.position() + length);
            if (piece.mismatch(ZEROS.duplicate().limit(length)) >= 0) {
                return false;
            }
            rest.position(rest.position() + length);
        }
        return true;
    }

    /** Writes zeros into blocks that have a place, and nothing into the others. */
    @Override
    public void zero(Range range) throws IOException {
        Objects.checkFromIndexSize(range.offset(), range.length(), disk.size());
        long blockSize = disk.blockSize();
        long block = placed.next(range.offset() / blockSize);
        for (; block * blockSize < range.endOffset(); block = placed.next(block + 1)) {
            long offset = Math.max(block * blockSize, range.offset());
            long endOffset = Math.min((block + 1) * blockSize, range.endOffset());
            file.writeZeros(place(block) + offset % blockSize, endOffset - offset);
        }
    }

    @Override
    public void commit() throws IOException {
        file.setLength(nextPlace.get());
        completeTable();
        UUID diskId = disk.diskId().orElseGet(UUID::randomUUID);
        file.write(NewLayout.METADATA_OFFSET, layout.metadata(diskId));
        file.write(VhdxFormat.REGION_TABLE_1_OFFSET, layout.regionTable());
        file.write(VhdxFormat.REGION_TABLE_2_OFFSET, layout.regionTable());
        file.write(0, layout.identifier());
        file.flush();
        UUID fileWriteGuid = UUID.randomUUID();
        UUID dataWriteGuid = UUID.randomUUID();
        file.write(VhdxFormat.HEADER_1_OFFSET, layout.header(1, fileWriteGuid, dataWriteGuid));
        file.write(VhdxFormat.HEADER_2_OFFSET, layout.header(2, fileWriteGuid, dataWriteGuid));
        openAgain();
        file.publish();
    }

    /** Gives the payload blocks that have no place the state ZERO, piece by piece through the whole table. */
    private void completeTable() throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(VhdxFormat.MIB).order(ByteOrder.LITTLE_ENDIAN);
        long count = geometry.entryCount();
        int perPiece = piece.capacity() / BatEntry.SIZE;
        for (long first = 0; first < count; first += perPiece) {
            long offset = NewLayout.BAT_OFFSET + first * BatEntry.SIZE;
            file.read(offset, piece.clear());
            LongBuffer entries = piece.flip().asLongBuffer();
            int used = (int) Math.min(perPiece, count - first);
            for (int i = 0; i < used; i++) {
                if (entries.get(i) == 0 && !geometry.isBitmap(first + i)) {
                    entries.put(i, PayloadState.ZERO.code());
                }
            }
            file.write(offset, piece);
        }
    }

    /** The reader's judgement on what was written, before it gets its name. */
    private void openAgain() throws IOException {
        try (ByteSource written = ByteSources.open(file.partialName(), Reader.DIRECT)) {
            VhdxDisk.open(written);
        } catch (IOException e) {
            throw new TargetException(file.name() + ": what was written is no sound VHDX: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
