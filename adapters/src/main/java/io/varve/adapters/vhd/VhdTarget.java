package io.varve.adapters.vhd;

import io.varve.adapters.file.PartialFile;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * A new VHD, fixed or dynamic. The footer, without which the file is not a VHD, and its copy are written last, after
 * everything else is durable, so a crash never leaves a file that looks complete. Threading: as in {@link DiskTarget}.
 */
public abstract sealed class VhdTarget implements DiskTarget permits DynamicTarget, FixedTarget {
    private final ByteTarget file;
    private final NewLayout layout;

    VhdTarget(ByteTarget file, NewLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * Creates a disk that gets the name {@code name} at commit.
     *
     * @param replace whether an existing file of that name is replaced at commit; otherwise it is an error
     * @throws TargetException if such a disk is impossible, or the file cannot be created
     */
    public static VhdTarget create(Path name, NewVhd disk, boolean replace) throws IOException {
        return create(name.toString(), sparse -> PartialFile.create(name, replace, sparse), disk);
    }

    /**
     * Creates a disk in a file of {@code maker}.
     *
     * @param name for messages
     */
    public static VhdTarget create(String name, ByteTarget.Maker maker, NewVhd disk) throws IOException {
        if (disk.objection().isPresent()) {
            throw new TargetException(
                    name + ": cannot be a VHD: " + disk.objection().get());
        }
        // Not marked as sparse, because Windows does not attach sparse VHD files.
        ByteTarget file = maker.make(false);
        try {
            NewLayout layout = new NewLayout(disk, disk.uniqueId().orElseGet(UUID::randomUUID));
            file.setLength(disk.fixed() ? disk.size() : layout.firstBlockOffset());
            return disk.fixed() ? new FixedTarget(file, layout) : new DynamicTarget(file, layout);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    final ByteTarget file() {
        return file;
    }

    @Override
    public final long size() {
        return layout.disk().size();
    }

    @Override
    public final String location() {
        return file.location();
    }

    @Override
    public final void write(long offset, ByteBuffer source) throws IOException {
        Objects.checkFromIndexSize(offset, (long) source.remaining(), size());
        writeInside(offset, source);
    }

    @Override
    public final void zero(Range range) throws IOException {
        Objects.checkFromIndexSize(range.offset(), range.length(), size());
        zeroInside(range);
    }

    @Override
    public final void commit() throws IOException {
        long end = complete();
        file.flush();
        ByteBuffer footer = layout.footer();
        file.write(end, footer);
        if (!layout.disk().fixed()) {
            file.write(0, footer.rewind());
        }
        openAgain();
        file.publish();
    }

    /** Writes a range that lies inside the disk. */
    abstract void writeInside(long offset, ByteBuffer source) throws IOException;

    /** Makes a range that lies inside the disk read as zeros. */
    abstract void zeroInside(Range range) throws IOException;

    /** Writes everything that is missing except the footer and its copy. Returns the offset of the footer. */
    abstract long complete() throws IOException;

    /** Opens the finished file with the reader, before it gets its name. */
    private void openAgain() throws IOException {
        try (ByteSource written = file.openAgain()) {
            VhdLayer.open(written);
        } catch (IOException e) {
            throw new TargetException(
                    file.location() + ": the file that was written is not a valid VHD: " + e.getMessage(), e);
        }
    }

    @Override
    public final void close() throws IOException {
        file.close();
    }
}
