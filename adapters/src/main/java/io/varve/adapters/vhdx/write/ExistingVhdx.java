package io.varve.adapters.vhdx.write;

import io.varve.adapters.file.OpenedFile;
import io.varve.adapters.file.TargetClaim;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.adapters.vhdx.read.VhdxLayout;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A fixed or dynamic VHDX that is overwritten in place. Blocks that are in the file are overwritten there; others are
 * added at its end and entered in the table through the log, so that the file is a sound VHDX after a crash at any
 * moment. Its content is then partly old and partly new.
 *
 * <p>The DataWriteGuid changes before the first write, by which Windows knows that its change tracking of the disk is
 * void. Nobody else may use the file.
 */
public final class ExistingVhdx implements ExistingDisk {
    /** Entries of the table that wait in memory to be written together. */
    private static final int MOST_WAITING = 1 << 16;

    private final OpenVhdx file;
    private final TargetClaim claim;
    private final VhdxLayer layer;
    private final BlockGeometry geometry;
    private final StructureUpdate update;
    private final SortedMap<Long, Long> waiting = new TreeMap<>(); // entries by their index; guarded by this
    private long nextPlace; // guarded by this
    private boolean begun; // guarded by this

    private ExistingVhdx(OpenVhdx file, TargetClaim claim, VhdxLayer layer, StructureUpdate update) {
        this.file = file;
        this.claim = claim;
        this.layer = layer;
        this.geometry = layer.parameters().geometry();
        this.update = update;
        this.nextPlace = inMib(file.size());
    }

    /**
     * Opens a disk and checks all its structures. What its log holds is written to where it belongs.
     *
     * @throws io.varve.engine.port.TargetInUseException if it is in use
     * @throws TargetException if it is no VHDX, has a parent, or cannot be written
     */
    public static ExistingVhdx open(Path path) throws IOException {
        TargetClaim claim = TargetClaim.take(path);
        try {
            OpenedFile opened = OpenedFile.open(path, () -> claim.open(path));
            OpenVhdx file = new OpenVhdx.OfChannel(path.toString(), opened.channel());
            try {
                return open(file, claim);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (TargetException e) {
            claim.close();
            throw e;
        } catch (IOException e) {
            claim.close();
            throw new TargetException(path + ": cannot be opened for writing: " + Reason.of(e), e);
        } catch (RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    /** @param file taken over */
    static ExistingVhdx open(OpenVhdx file, TargetClaim claim) throws IOException {
        VhdxLayer layer = VhdxLayer.open(file);
        if (layer.parameters().hasParent()) {
            throw new TargetException(file.location() + ": is a differencing disk, whose parent holds the rest of it;"
                    + " only whole disks are overwritten");
        }
        Region log = VhdxLayout.log(file, layer.header())
                .orElseThrow(() -> new TargetException(
                        file.location() + ": has no log, without which it cannot be changed safely"));
        StructureUpdate update = new StructureUpdate(file, layer.header(), log);
        if (layer.source() instanceof ReplayedSource replayed) {
            replayed.applyTo(file::write);
            update.endReplay();
        }
        return new ExistingVhdx(file, claim, layer, update);
    }

    private static long inMib(long size) {
        return (size + VhdxFormat.MIB - 1) / VhdxFormat.MIB * VhdxFormat.MIB;
    }

    /** Its Virtual Disk ID. */
    public UUID id() {
        return layer.parameters().id();
    }

    @Override
    public long size() {
        return geometry.diskSize();
    }

    @Override
    public String location() {
        return file.location();
    }

    private long entryOffset(long index) {
        return layer.rules().tableOffset() + index * BatEntry.SIZE;
    }

    /** Place of a block in the file; -1 if it has none and so is zeros. */
    private synchronized long place(long block) throws IOException {
        long index = geometry.entryIndex(block);
        Long changed = waiting.get(index);
        long entry = changed == null ? entry(index) : changed;
        return BatEntry.stateCode(entry) == PayloadState.FULLY_PRESENT.code() ? BatEntry.offset(entry) : -1;
    }

    private long entry(long index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BatEntry.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        file.read(entryOffset(index), bytes);
        return bytes.getLong(0);
    }

    /** Gives a block a place, of zeros. */
    private synchronized long allocate(long block) throws IOException {
        long known = place(block);
        if (known >= 0) {
            return known; // by another thread
        }
        long place = nextPlace;
        nextPlace += geometry.blockSize();
        file.write(nextPlace - 1, ByteBuffer.allocate(1)); // what lies before it reads as zeros
        waiting.put(geometry.entryIndex(block), BatEntry.present(place));
        if (waiting.size() >= MOST_WAITING) {
            enter();
        }
        return place;
    }

    /** Enters new blocks in the table. */
    private synchronized void enter() throws IOException {
        if (waiting.isEmpty()) {
            return;
        }
        SortedMap<Long, ByteBuffer> pages = new TreeMap<>();
        for (Map.Entry<Long, Long> entry : waiting.entrySet()) {
            long at = entryOffset(entry.getKey());
            long pageAt = at / StructureUpdate.PAGE * StructureUpdate.PAGE;
            ByteBuffer page = pages.get(pageAt);
            if (page == null) {
                page = ByteBuffer.allocate(StructureUpdate.PAGE).order(ByteOrder.LITTLE_ENDIAN);
                file.read(pageAt, page);
                page.clear();
                pages.put(pageAt, page);
            }
            page.putLong((int) (at - pageAt), entry.getValue());
        }
        update.replace(pages, nextPlace);
        waiting.clear();
    }

    private synchronized void begin() throws IOException {
        if (!begun) {
            update.begin();
            begun = true;
        }
    }

    /** A part of one block. */
    private interface Piece {
        void at(long block, int inBlock, int length) throws IOException;
    }

    private void pieces(long offset, long length, Piece piece) throws IOException {
        Objects.checkFromIndexSize(offset, length, size());
        for (long at = offset; at < offset + length; ) {
            long block = at / geometry.blockSize();
            int inBlock = (int) (at % geometry.blockSize());
            int some = (int) Math.min(geometry.blockSize() - inBlock, offset + length - at);
            piece.at(block, inBlock, some);
            at += some;
        }
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        int limit = target.limit();
        try {
            pieces(offset, target.remaining(), (block, inBlock, length) -> {
                long place = place(block);
                target.limit(target.position() + length);
                if (place >= 0) {
                    file.read(place + inBlock, target);
                } else {
                    while (target.hasRemaining()) {
                        target.put((byte) 0);
                    }
                }
            });
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public RangeSet allocated(Range window) throws IOException {
        RangeSet.Builder present = new RangeSet.Builder();
        pieces(window.offset(), window.length(), (block, inBlock, length) -> {
            if (place(block) >= 0) {
                long from = geometry.virtualOffset(block) + inBlock;
                present.add(from, from + length);
            }
        });
        return present.build();
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        int limit = source.limit();
        Objects.checkFromIndexSize(offset, (long) source.remaining(), size());
        try {
            begin();
            pieces(offset, source.remaining(), (block, inBlock, length) -> {
                long known = place(block);
                long place = known >= 0 ? known : allocate(block);
                source.limit(source.position() + length);
                file.write(place + inBlock, source);
            });
        } catch (IOException e) {
            throw failed("writing", offset, e);
        } finally {
            source.limit(limit);
        }
    }

    /** A block that is in the file keeps its place. */
    @Override
    public void zero(Range range) throws IOException {
        Objects.checkFromIndexSize(range.offset(), range.length(), size());
        try {
            begin();
            pieces(range.offset(), range.length(), (block, inBlock, length) -> {
                long place = place(block);
                for (int at = 0; place >= 0 && at < length; ) {
                    int some = Math.min(VhdxFormat.MIB, length - at);
                    file.write(place + inBlock + at, ByteBuffer.allocate(some));
                    at += some;
                }
            });
        } catch (IOException e) {
            throw failed("writing zeros", range.offset(), e);
        }
    }

    private TargetException failed(String what, long offset, IOException e) {
        return new TargetException(
                location() + ": " + what + " at offset " + offset + " of the disk failed: " + Reason.of(e), e);
    }

    @Override
    public void commit() throws IOException {
        try {
            enter();
            file.force();
        } catch (IOException e) {
            throw new TargetException(location() + ": flushing failed: " + Reason.of(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        try (claim) {
            file.close();
        }
    }
}
