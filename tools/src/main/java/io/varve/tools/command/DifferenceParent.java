package io.varve.tools.command;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The file over which a difference is restored. It must equal the disk of the earlier snapshot in every byte: over any
 * other file the restored disk would be wrong, and nothing would show it.
 */
final class DifferenceParent {
    private DifferenceParent() {}

    /**
     * Checks {@code file} and returns its DataWriteGuid. A file that was restored from that snapshot is recognised by
     * it. Any other file is read and compared.
     *
     * @throws UsageException if it is another disk, or in another state
     */
    static UUID check(
            Path file,
            Path target,
            ParentSearch search,
            DiskRecord disk,
            ReadSession session,
            int threads,
            Output output)
            throws IOException {
        try (VhdxChain parent = open(file, search)) {
            refuse(file, target);
            for (String location : parent.locations()) {
                refuse(Path.of(location), target);
            }
            if (parent.hasLog()) {
                throw new UsageException(file + ": is open elsewhere or was not closed properly: only a"
                        + " closed VHDX can be a parent");
            }
            if (parent.size() != disk.size() || parent.logicalSectorSize() != disk.logicalSectorSize()) {
                throw new UsageException(file + ": expected a disk of " + disk.size() + " bytes in sectors of "
                        + disk.logicalSectorSize() + ", found " + parent.size() + " in sectors of "
                        + parent.logicalSectorSize());
            }
            List<UUID> states = parent.dataWriteGuids();
            Optional<UUID> below = states.size() > 1 ? Optional.of(states.get(1)) : Optional.empty();
            if (!states.get(0).equals(ContentGuid.of(disk, below))) {
                output.notice(file + ": was not restored from that snapshot by Varve; comparing it");
                compare(parent, disk, session, threads);
            }
            return states.get(0);
        }
    }

    /** Refuses a target that is also the parent: the new file would replace what it needs, and both would be lost. */
    private static void refuse(Path needed, Path target) throws IOException {
        if (Files.exists(target) && Files.exists(needed) && Files.isSameFile(target, needed)) {
            throw new UsageException(
                    target + " is " + needed + ", which the new file needs as its parent: choose another name");
        }
    }

    private static VhdxChain open(Path file, ParentSearch search) throws SourceException {
        try {
            return VhdxChain.open(new LocalFile(file, Reader.AUTO), search);
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
    }

    private static void compare(VhdxChain parent, DiskRecord disk, ReadSession session, int threads)
            throws IOException {
        RestoreListener silent = new RestoreListener() {
            @Override
            public void bytesDone(long bytes) {}

            @Override
            public void damaged(Range range, CorruptDataException why) {
                throw new IllegalStateException("damage is not allowed here", why);
            }
        };
        Comparison comparison = new Comparison(parent);
        new RestoreJob(session, disk, threads, false, silent, new Cancellation()).run(comparison);
        if (comparison.firstDifference != Long.MAX_VALUE) {
            throw new UsageException(parent.location() + ": is not the disk of that snapshot, from offset "
                    + comparison.firstDifference + " on: restore the snapshot first, and give that file as parent");
        }
    }

    /** A restore that writes nothing and records where it would have written. */
    private static final class Comparison implements ExistingDisk {
        private final DiskImage image;
        private long firstDifference = Long.MAX_VALUE;

        Comparison(DiskImage image) {
            this.image = image;
        }

        private synchronized void differs(long offset) {
            firstDifference = Math.min(firstDifference, offset);
        }

        @Override
        public long size() {
            return image.size();
        }

        @Override
        public String location() {
            return image.location();
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            image.read(offset, target);
        }

        @Override
        public RangeSet allocated(Range window) throws IOException {
            return image.allocated(window);
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            differs(offset);
        }

        @Override
        public void zero(Range range) {
            differs(range.offset());
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }
}
