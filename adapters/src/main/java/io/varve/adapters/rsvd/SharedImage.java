package io.varve.adapters.rsvd;

import io.varve.adapters.rsvd.wire.DiskInfo;
import io.varve.adapters.rsvd.wire.Scsi;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The content of a shared disk: as of a snapshot, or live. Reads go past the server's cache, so they are whole sectors.
 * The protocol has no list of what is allocated: everything may hold data.
 */
final class SharedImage implements DiskImage {
    private static final int MEDIUM_ERROR = 3;

    private final SharedDisk disk;
    private final DiskOpen open;
    private final DiskInfo.Initial initial;
    private final UUID id;
    private final boolean isLive;
    private boolean isClosed; // by the checkpoint's thread alone

    private SharedImage(SharedDisk disk, DiskOpen open, DiskInfo.Initial initial, UUID id, boolean isLive) {
        this.disk = disk;
        this.open = open;
        this.initial = initial;
        this.id = id;
        this.isLive = isLive;
    }

    /**
     * The disk as of a snapshot.
     *
     * @param disk stays the caller's, and open as long as this
     * @param initial asked for after the snapshot was taken
     */
    static SharedImage at(SharedDisk disk, UUID snapshot, DiskInfo.Initial initial, UUID id) throws IOException {
        return new SharedImage(disk, disk.openAt(snapshot), initial, id, false);
    }

    /** The disk while its machines write to it: what is read is fuzzy. */
    static SharedImage live(SharedDisk disk, DiskInfo.Initial initial, UUID id) {
        return new SharedImage(disk, disk.live(), initial, id, true);
    }

    @Override
    public long size() {
        return initial.size();
    }

    @Override
    public int logicalSectorSize() {
        return initial.sectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return initial.physicalSectorSize();
    }

    @Override
    public Optional<UUID> guid() {
        return Optional.of(id);
    }

    @Override
    public String format() {
        return "rsvd";
    }

    @Override
    public String location() {
        return disk.location();
    }

    @Override
    public RangeSet allocated(Range window) {
        return RangeSet.of(window).clip(new Range(0, size()));
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, target.remaining(), size());
        int sector = initial.sectorSize();
        long at = offset;
        while (target.hasRemaining()) {
            boolean isWhole = at % sector == 0 && target.remaining() >= sector;
            at += isWhole ? readWhole(at, target, sector) : readPart(at, target, sector);
        }
    }

    /** @return bytes read into the target */
    private int readWhole(long at, ByteBuffer target, int sector) throws IOException {
        int length = Math.min(target.remaining(), open.mostRead()) / sector * sector;
        ByteBuffer piece = target.slice(target.position(), length);
        readSectors(at, piece);
        target.position(target.position() + length);
        return length;
    }

    /** A part of one sector. */
    private int readPart(long at, ByteBuffer target, int sector) throws IOException {
        int skipped = (int) (at % sector);
        ByteBuffer whole = ByteBuffer.allocate(sector);
        readSectors(at - skipped, whole);
        int length = Math.min(sector - skipped, target.remaining());
        target.put(whole.slice(skipped, length));
        return length;
    }

    private void readSectors(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        boolean wasRepeated = false;
        while (target.hasRemaining()) {
            int before = target.position();
            int status = open.read(at, target);
            int got = target.position() - before;
            if (status != 0) {
                if (wasRepeated || !RsvdStatus.asksForOneMore(status)) {
                    throw failure(at, status);
                }
                wasRepeated = true;
                continue;
            }
            if (got <= 0 || got % initial.sectorSize() != 0) {
                throw new EOFException(location() + " at offset " + at + " of the disk: expected "
                        + (target.remaining() + got) + " bytes, the server read " + got);
            }
            at += got;
        }
    }

    /** Only where the disk itself says that the medium is bad, it is; all else says nothing about the bytes. */
    private IOException failure(long at, int status) throws IOException {
        if (!RsvdStatus.isStored(status)) {
            return new RsvdException(location() + ": reading at offset " + at + " of the disk", status);
        }
        Scsi.Sense sense = disk.sense(open, status);
        if (sense.sense().limit() > 2 && (sense.sense().get(2) & 0xF) == MEDIUM_ERROR) {
            return new CorruptDataException(location(), at, "bytes that can be read", sense.text());
        }
        return new IOException(location() + ": reading at offset " + at + " of the disk failed: " + sense.text());
    }

    @Override
    public List<Disturbance> disturbances() {
        return isLive
                ? List.of(new Disturbance(
                        Disturbance.IN_USE, location() + " is read live: its machines may write to it meanwhile"))
                : List.of();
    }

    @Override
    public void close() throws IOException {
        if (!isLive && !isClosed) {
            isClosed = true;
            open.close();
        }
    }
}
