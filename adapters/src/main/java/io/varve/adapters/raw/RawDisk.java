package io.varve.adapters.raw;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A file or block device whose bytes are the disk's. Any size is legal, also one that is no multiple of the sector
 * size. A raw disk carries no identity; a GPT on it does, and stays with the content from night to night.
 */
public final class RawDisk implements DiskImage {
    /** Nothing in a raw file tells its sector size; 512 is what nearly all were made with. */
    static final int SECTOR_SIZE = 512;

    private final ByteSource source;
    private final Optional<UUID> guid;

    private RawDisk(ByteSource source, Optional<UUID> guid) {
        this.source = source;
        this.guid = guid;
    }

    /** Takes {@code source} over: closing the disk closes it. It stays the caller's when this fails. */
    public static RawDisk open(ByteSource source) throws IOException {
        return new RawDisk(source, GptHeader.diskGuid(source, SECTOR_SIZE));
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public int logicalSectorSize() {
        return SECTOR_SIZE;
    }

    @Override
    public int physicalSectorSize() {
        return SECTOR_SIZE;
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
