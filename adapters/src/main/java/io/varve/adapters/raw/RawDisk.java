package io.varve.adapters.raw;

import io.varve.engine.partition.GptHeader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SectorSizes;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A file or block device whose bytes are those of the disk. Any size is valid, even if it is not a multiple of the
 * sector size. A raw disk has no identity of its own; the GUID of a GPT on it serves as one.
 */
public final class RawDisk implements DiskImage {
    /** The default, which nearly all disks have. */
    private static final SectorSizes USUAL = new SectorSizes(512, 512);

    private static final SectorSizes LARGE = new SectorSizes(4096, 4096);

    private final ByteSource source;
    private final SectorSizes sectors;
    private final Optional<UUID> guid;

    private RawDisk(ByteSource source, SectorSizes sectors, Optional<UUID> guid) {
        this.source = source;
        this.sectors = sectors;
        this.guid = guid;
    }

    /**
     * Opens a disk and takes ownership of {@code source}, unless this fails. A device knows its sector sizes. For a
     * file they are inferred from the position of a GPT header, which is in the second sector; without one, they are
     * 512 bytes.
     */
    public static RawDisk open(ByteSource source) throws IOException {
        Optional<UUID> small = GptHeader.diskGuid(source::read, source.size(), USUAL.logical());
        Optional<UUID> large = GptHeader.diskGuid(source::read, source.size(), LARGE.logical());
        SectorSizes sectors = source.sectorSizes().orElse(small.isEmpty() && large.isPresent() ? LARGE : USUAL);
        // A GPT identifies a disk even if it was copied between media with different sector sizes. If there are two,
        // the one that a guest would find counts.
        boolean largeFirst = sectors.logical() == LARGE.logical();
        return new RawDisk(source, sectors, largeFirst ? large.or(() -> small) : small.or(() -> large));
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public int logicalSectorSize() {
        return sectors.logical();
    }

    @Override
    public int physicalSectorSize() {
        return sectors.physical();
    }

    @Override
    public Optional<UUID> guid() {
        return guid;
    }

    @Override
    public String format() {
        return "raw";
    }

    @Override
    public String location() {
        return source.location();
    }

    @Override
    public List<Disturbance> disturbances() throws IOException {
        return source.disturbances();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), source.size());
        source.read(offset, target);
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        return source.dataRanges(window);
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
