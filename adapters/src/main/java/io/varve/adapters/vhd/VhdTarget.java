package io.varve.adapters.vhd;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.PartialFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * A new VHD, fixed or dynamic. The footer, without which the file is no VHD, and its copy are written last, after
 * everything else is durable, so a crash never leaves what looks like a whole disk. Threading: as the port says.
 */
public abstract sealed class VhdTarget implements DiskTarget permits DynamicTarget, FixedTarget {
    private final PartialFile file;
    private final NewLayout layout;

    VhdTarget(PartialFile file, NewLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * Begins a disk that {@code commit} will call {@code name}.
     *
     * @param replace whether an existing file of that name is replaced at commit; else it is an error
     * @throws TargetException when there can be no such disk, or the file cannot be made
     */
    public static VhdTarget create(Path name, NewVhd disk, boolean replace) throws IOException {
        if (disk.objection().isPresent()) {
            throw new TargetException(
                    name + ": cannot be a VHD: " + disk.objection().get());
        }
        // Not marked sparse: Windows does not attach sparse VHD files.
        PartialFile file = PartialFile.create(name, replace, false);
        try {
            NewLayout layout = new NewLayout(disk, disk.uniqueId().orElseGet(UUID::randomUUID));
            file.setLength(disk.fixed() ? disk.size() : layout.firstBlockOffset());
            return disk.fixed() ? new FixedTarget(file, layout) : new DynamicTarget(file, layout);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    final PartialFile file() {
        return file;
    }

    @Override
    public final long size() {
        return layout.disk().size();
    }

    @Override
    public final String location() {
        return file.name().toString();
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

    /** Writes to what is inside the disk. */
    abstract void writeInside(long offset, ByteBuffer source) throws IOException;

    /** Makes what is inside the disk read as zeros. */
    abstract void zeroInside(Range range) throws IOException;

    /** Writes all that the file still lacks, but for the footer and its copy; where in the file the footer goes. */
    abstract long complete() throws IOException;

    /** The reader's judgement on what was written, before it gets its name. */
    private void openAgain() throws IOException {
        try (ByteSource written = ByteSources.open(file.partialName(), Reader.DIRECT)) {
            VhdLayer.open(written);
        } catch (IOException e) {
            throw new TargetException(file.name() + ": what was written is no sound VHD: " + e.getMessage(), e);
        }
    }

    @Override
    public final void close() throws IOException {
        file.close();
    }
}
