package io.varve.adapters.vhdx.write;

import io.varve.adapters.file.AtomicBits;
import io.varve.adapters.file.PartialFile;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.TargetException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A VHDX file that is being written (MS-VHDX 2): allocates blocks, and writes the structures at the end. It does not
 * use the log. The headers, without which the file is not a VHDX, are written last, after everything else is durable,
 * so a crash never leaves a file that looks complete. Unwritten space reads as zeros.
 *
 * <p>Threading: many threads may allocate blocks at once, each block under its {@link #lock}. Heap: one bit per block,
 * 8 MiB for 64 TiB with the smallest blocks. The BAT is built in the file itself; until {@code commit} completes it, an
 * entry of zero means that the block is not allocated.
 */
public final class NewVhdxFile implements Closeable {
    private static final int STRIPES = 64;

    private final ByteTarget file;
    private final NewVhdx disk;
    private final BlockGeometry geometry;
    private final NewLayout layout;

    /** Offset of the next allocation, which is also the required length of the file. */
    private final AtomicLong nextPlace;

    /** Allocated blocks. A bit is set after the BAT entry was written, under the lock of the block. */
    private final AtomicBits placed;

    private final Object[] stripes = new Object[STRIPES];

    private NewVhdxFile(ByteTarget file, NewVhdx disk) {
        this.file = file;
        this.disk = disk;
        this.geometry = disk.geometry();
        this.layout = NewLayout.of(disk, geometry);
        this.nextPlace = new AtomicLong(
                layout.firstBlockOffset() + (disk.fixed() ? geometry.blockCount() * disk.blockSize() : 0));
        this.placed = new AtomicBits(geometry.blockCount());
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** As below, in a file of this computer; with {@code replace} one of that name is replaced at commit. */
    public static NewVhdxFile create(Path name, NewVhdx disk, boolean replace) throws IOException {
        return create(name.toString(), sparse -> PartialFile.create(name, replace, sparse), disk);
    }

    /**
     * Creates a disk that gets its name at commit.
     *
     * @param name for messages
     * @throws TargetException if such a disk is impossible, or the file cannot be created
     */
    public static NewVhdxFile create(String name, ByteTarget.Maker maker, NewVhdx disk) throws IOException {
        if (disk.objection().isPresent()) {
            throw new TargetException(
                    name + ": cannot be a VHDX: " + disk.objection().get());
        }
        // Not marked as sparse, because Windows does not accept sparse VHDX files everywhere.
        ByteTarget file = maker.make(false);
        try {
            NewVhdxFile target = new NewVhdxFile(file, disk);
            file.setLength(target.nextPlace.get());
            return target;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    BlockGeometry geometry() {
        return geometry;
    }

    String location() {
        return file.location();
    }

    /** Returns the lock to hold while {@code block} is allocated. */
    Object lock(long block) {
        return stripes[(int) (block % STRIPES)];
    }

    boolean isPlaced(long block) {
        return placed.get(block);
    }

    /** Returns the first allocated block from {@code block} on; the number of blocks if there is none. */
    long nextPlaced(long block) {
        return placed.next(block);
    }

    /** Returns the offset in the file of an allocated block. */
    long placeOf(long block) throws IOException {
        if (disk.fixed()) {
            return fixedPlace(block);
        }
        ByteBuffer entry = entryBytes();
        file.read(entryOffset(block), entry);
        return BatEntry.offset(entry.getLong(0));
    }

    /** Allocates a block that is not allocated yet. Called under its lock. Returns its offset in the file. */
    public long place(long block) throws IOException {
        long place = disk.fixed() ? fixedPlace(block) : nextPlace.getAndAdd(disk.blockSize());
        if (!disk.fixed()) {
            file.write(entryOffset(block), entryBytes().putLong(0, BatEntry.present(place)));
        }
        placed.set(block);
        return place;
    }

    private long fixedPlace(long block) {
        return layout.firstBlockOffset() + block * disk.blockSize();
    }

    /** Allocates a sector bitmap of zeros. Returns its offset in the file. */
    long placeBitmap() throws IOException {
        long place = nextPlace.getAndAdd(VhdxFormat.MIB);
        file.writeZeros(place, VhdxFormat.MIB);
        return place;
    }

    private long entryOffset(long block) {
        return NewLayout.BAT_OFFSET + geometry.entryIndex(block) * BatEntry.SIZE;
    }

    private static ByteBuffer entryBytes() {
        return ByteBuffer.allocate(BatEntry.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes at an offset of the file, inside allocated space. */
    public void write(long fileOffset, ByteBuffer source) throws IOException {
        file.write(fileOffset, source);
    }

    void writeZeros(long fileOffset, long length) throws IOException {
        file.writeZeros(fileOffset, length);
    }

    /** Reads what was written. */
    void read(long fileOffset, ByteBuffer target) throws IOException {
        file.read(fileOffset, target);
    }

    /** Provides the entries of the finished BAT. */
    public interface Entries {
        /** @param place offset of the block; -1 if it is not allocated */
        long payload(long block, long place) throws IOException;

        /** @param chunk number of the sector bitmap */
        long bitmap(long chunk);
    }

    /** Completes the file, writes its headers, and then gives it its name. */
    void commit(Entries entries) throws IOException {
        complete(entries);
        publish();
    }

    /** Writes everything except the headers and makes it durable. The file is not a VHDX yet. */
    public void complete(Entries entries) throws IOException {
        file.setLength(nextPlace.get());
        completeTable(entries);
        UUID diskId = disk.diskId().orElseGet(UUID::randomUUID);
        file.write(NewLayout.METADATA_OFFSET, layout.metadata(diskId));
        file.write(VhdxFormat.REGION_TABLE_1_OFFSET, layout.regionTable());
        file.write(VhdxFormat.REGION_TABLE_2_OFFSET, layout.regionTable());
        file.write(0, layout.identifier());
        file.flush();
    }

    private void publish() throws IOException {
        UUID fileWriteGuid = UUID.randomUUID();
        UUID dataWriteGuid = disk.dataWriteGuid().orElseGet(UUID::randomUUID);
        file.write(VhdxFormat.HEADER_1_OFFSET, layout.header(1, fileWriteGuid, dataWriteGuid));
        file.write(VhdxFormat.HEADER_2_OFFSET, layout.header(2, fileWriteGuid, dataWriteGuid));
        openAgain();
        file.publish();
    }

    /** Completes the whole table, piece by piece. */
    private void completeTable(Entries entries) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(VhdxFormat.MIB).order(ByteOrder.LITTLE_ENDIAN);
        long count = geometry.entryCount();
        int perPiece = piece.capacity() / BatEntry.SIZE;
        for (long first = 0; first < count; first += perPiece) {
            long offset = NewLayout.BAT_OFFSET + first * BatEntry.SIZE;
            file.read(offset, piece.clear());
            LongBuffer table = piece.flip().asLongBuffer();
            int used = (int) Math.min(perPiece, count - first);
            for (int i = 0; i < used; i++) {
                table.put(i, entry(first + i, table.get(i), entries));
            }
            file.write(offset, piece);
        }
    }

    private long entry(long index, long now, Entries entries) throws IOException {
        if (geometry.isBitmap(index)) {
            return entries.bitmap(index / (geometry.chunkRatio() + 1));
        }
        long block = geometry.blockOf(index);
        if (block >= geometry.blockCount()) {
            return 0; // the last chunk of a differencing disk extends past the end of the disk
        }
        boolean isPlaced = placed.get(block);
        long place = disk.fixed() ? fixedPlace(block) : BatEntry.offset(now);
        return entries.payload(block, isPlaced || disk.fixed() ? place : Segment.NOWHERE);
    }

    /** Opens the finished file with the reader, before it gets its name. */
    private void openAgain() throws IOException {
        try (ByteSource written = file.openAgain()) {
            VhdxLayer.open(written);
        } catch (IOException e) {
            throw new TargetException(
                    file.location() + ": the file that was written is not a valid VHDX: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
