package io.varve.adapters.vhdx;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.file.WindowsGuid;
import io.varve.adapters.vhdx.VhdxAddressMap.Segment;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A fixed or dynamic VHDX, read-only: the file is never changed, not even its headers. A log that was left in it is
 * replayed in memory. Differencing disks are refused, since without their parent data is missing.
 *
 * <p>Heap: 4 MiB of the BAT at most, whatever the size of the disk; while opening one bit per MiB of the file besides.
 */
public final class VhdxDisk implements DiskImage {
    private final ByteSource source;
    private final VhdxHeader header;
    private final DiskParameters parameters;
    private final VhdxAddressMap map;

    private VhdxDisk(ByteSource source, VhdxHeader header, DiskParameters parameters, VhdxAddressMap map) {
        this.source = source;
        this.header = header;
        this.parameters = parameters;
        this.map = map;
    }

    /**
     * Opens the file in the order of its structures, each checked before the next is believed, the whole BAT included.
     * Takes {@code source} over: closing the disk closes it. It stays the caller's when this fails.
     *
     * @throws CorruptDataException when the file is no VHDX or is damaged
     * @throws UnsupportedImageException when it is one that is not read here
     */
    public static VhdxDisk open(ByteSource source) throws IOException {
        FileIdentifier.read(source);
        VhdxHeader header = HeaderPair.read(source).current();
        Optional<Region> log = VhdxLayout.log(source, header);
        Optional<ReplayedSource> replayed =
                header.hasLog() ? Optional.of(LogReplay.run(source, header, log.orElseThrow())) : Optional.empty();
        return open(replayed.isPresent() ? replayed.get() : source, header, log, replayed);
    }

    private static VhdxDisk open(
            ByteSource source, VhdxHeader header, Optional<Region> log, Optional<ReplayedSource> replayed)
            throws IOException {
        VhdxLayout layout = VhdxLayout.read(source, log);
        DiskParameters parameters =
                DiskParameters.read(source, layout.metadata(), MetadataTable.read(source, layout.metadata()));
        if (parameters.hasParent()) {
            throw new UnsupportedImageException(source.location() + ": is a differencing disk (checkpoint), whose data"
                    + " is partly in its parent; differencing disks are not read yet. Merge it, or back up the disk it"
                    + " belongs to through the hypervisor");
        }
        BlockGeometry geometry =
                new BlockGeometry(parameters.size(), parameters.blockSize(), parameters.logicalSectorSize());
        if (geometry.tableSize() > layout.bat().length()) {
            throw new CorruptDataException(
                    source.location(),
                    layout.bat().entryOffset(),
                    "a BAT of at least " + geometry.tableSize() + " bytes for a disk of " + parameters.size(),
                    layout.bat().length() + " bytes");
        }
        EntryRules rules =
                new EntryRules(source.location(), source.size(), layout.bat().offset(), geometry, layout.occupied());
        OverlapCheck.run(source, rules, replayed);
        // Whoever has the file open for writing changes a header first.
        if (!HeaderPair.read(source).current().equals(header)) {
            throw new IOException(
                    source.location() + ": is being written while it is read; back up a checkpoint of it");
        }
        return new VhdxDisk(source, header, parameters, new VhdxAddressMap(source, new BlockTable(source, rules)));
    }

    @Override
    public long size() {
        return parameters.size();
    }

    @Override
    public int logicalSectorSize() {
        return parameters.logicalSectorSize();
    }

    @Override
    public int physicalSectorSize() {
        return parameters.physicalSectorSize();
    }

    /** The Virtual Disk ID (MS-VHDX 2.6.2.3). */
    @Override
    public Optional<UUID> guid() {
        return Optional.of(parameters.id()).filter(id -> !id.equals(WindowsGuid.NIL));
    }

    /** Identity of the content (MS-VHDX 2.2.2): changes before the first write of every session. */
    public UUID dataWriteGuid() {
        return header.dataWriteGuid();
    }

    /** Bytes of a payload block. */
    public int blockSize() {
        return parameters.blockSize();
    }

    /** {@code vhdx-fixed} or {@code vhdx-dynamic}. */
    @Override
    public String format() {
        return parameters.fixed() ? "vhdx-fixed" : "vhdx-dynamic";
    }

    @Override
    public String location() {
        return source.location();
    }

    /** Where in the file the disk's content lies; usable until this disk is closed. */
    public VhdxAddressMap addressMap() {
        return map;
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), parameters.size());
        int limit = target.limit();
        long end = offset + target.remaining();
        try {
            for (long position = offset; position < end; ) {
                Segment segment = map.segment(position, end);
                target.limit(target.position() + (int) segment.length());
                if (segment.isPresent()) {
                    readPresent(segment, target);
                } else {
                    Zeros.fill(target);
                }
                position += segment.length();
            }
        } finally {
            target.limit(limit);
        }
    }

    private void readPresent(Segment segment, ByteBuffer target) throws IOException {
        try {
            source.read(segment.fileOffset(), target);
        } catch (EOFException e) {
            throw new CorruptDataException(
                    source.location(),
                    segment.fileOffset(),
                    "the content of virtual range [" + segment.virtualOffset() + ", "
                            + (segment.virtualOffset() + segment.length()) + ")",
                    "a file that was cut off after it was opened");
        }
    }

    /**
     * The blocks that lie in the file, without the holes the file itself has there: a VHDX that was copied sparsely is
     * as cheap to read as its data. O(blocks of the window), and one question to the file system per piece of the file.
     */
    @Override
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder allocated = new RangeSet.Builder();
        long end = Math.min(window.endOffset(), parameters.size());
        for (long position = window.offset(); position < end; ) {
            Segment segment = map.segment(position, end);
            if (segment.isPresent()) {
                long shift = segment.virtualOffset() - segment.fileOffset();
                for (Range data : source.dataRanges(new Range(segment.fileOffset(), segment.length()))) {
                    allocated.add(data.offset() + shift, data.endOffset() + shift);
                }
            }
            position += segment.length();
        }
        return allocated.build();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
