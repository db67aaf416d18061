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
 * A file or block device whose bytes are the disk's. Any size is legal, also one that is no multiple of the sector
 * size. A raw disk carries no identity; a GPT on it does, and stays with the content from night to night.
 */
public final class RawDisk implements DiskImage {
    /** What nearly all disks have; the one that counts where nothing tells. */
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
     * Takes {@code source} over: closing the disk closes it. It stays the caller's when this fails. A device knows its
     * sector sizes. A file does not: they are those by which a GPT is where it has to be, at the second sector; without
     * one, 512.
     */
    public static RawDisk open(ByteSource source) throws IOException {
        Optional<UUID> small = GptHeader.diskGuid(source::read, source.size(), USUAL.logical());
        Optional<UUID> large = GptHeader.diskGuid(source::read, source.size(), LARGE.logical());
        SectorSizes sectors = source.sectorSizes().orElse(small.isEmpty() && large.isPresent() ? LARGE : USUAL);
        // Of a disk that was copied between media of different sectors, the GPT names it all the same. Where there are
        // two, the one that counts is the one that a guest finds.
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
