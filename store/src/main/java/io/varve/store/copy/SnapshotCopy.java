package io.varve.store.copy;

import io.varve.store.CorruptDataException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSet;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ChunkReader.Wanted;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Copies snapshots, one after the other, oldest first. A snapshot keeps its id, so one that is there already is passed
 * over; and chunks that are there already are not read, so a copy that was interrupted goes on where it was. Every
 * chunk is proven by its id on the way, and stored as a backup stores it.
 *
 * <p>Only between repositories in which the same content has the same id: two plain ones. For one thread. Memory: one
 * batch of blocks, {@value #BATCH} bytes or one block, and 24 to 48 bytes of heap per distinct map page.
 */
public final class SnapshotCopy {
    private static final int BATCH = 8 << 20;

    private final ReadSession from;
    private final WriteSession to;
    private final ChunkReader reader;
    private final ChunkWriter writer;
    private final ByteBuffer batch;
    private final int blockSize;
    private final List<Snapshot> there; // in the target; nobody else writes there meanwhile
    private final PageSet done = new PageSet();
    private final Listener listener;

    private long chunks;
    private long bytesStored;

    /** Told how it goes. */
    public interface Listener {
        /** @param bytes of disk whose blocks are in the target now */
        void bytesDone(long bytes);

        /** To be thrown when the copy shall end; what was copied stays. */
        void check() throws IOException;
    }

    /**
     * @param from stays the caller's
     * @param to used for nothing else meanwhile; stays the caller's
     * @throws IOException when the two repositories name content differently
     */
    public SnapshotCopy(ReadSession from, WriteSession to, Listener listener) throws IOException {
        if (from.repository().config().encrypted() || to.repository().config().encrypted()) {
            throw new IOException("copying from or into an encrypted repository is not there yet: the same content has"
                    + " another id in each of them");
        }
        int size = from.repository().config().blockSize();
        if (to.repository().config().blockSize() != size) {
            throw new IOException("expected a repository with blocks of " + size + " bytes, as in "
                    + from.repository().root() + ", found "
                    + to.repository().config().blockSize() + " in "
                    + to.repository().root());
        }
        this.from = from;
        this.to = to;
        this.listener = listener;
        this.there = new ArrayList<>(to.repository().snapshots().list().snapshots());
        this.reader = from.newChunkReader(4 << 20);
        this.writer = to.newChunkWriter(size);
        this.blockSize = size;
        this.batch = ByteBuffer.allocateDirect(Math.max(BATCH / size, 1) * size);
    }

    /**
     * What copying one snapshot came to.
     *
     * @param snapshot as it is in the target
     * @param chunks that were sent
     * @param bytesStored that they take in packs
     */
    public record Result(Snapshot snapshot, long chunks, long bytesStored) {}

    /** Copies {@code snapshot}; empty when it is in the target already. */
    public Optional<Result> copy(Snapshot snapshot) throws IOException {
        if (there.stream().anyMatch(other -> other.id().equals(snapshot.id()))) {
            return Optional.empty();
        }
        chunks = 0;
        bytesStored = 0;
        for (DiskRecord disk : snapshot.manifest().disks()) {
            BlockMap map = from.map(disk);
            page(map, disk, disk.mapRoot(), map.shape().rootLevel(), 0);
        }
        for (Manifest.FileRecord file : snapshot.manifest().files()) {
            if (!file.pieces().isEmpty()) {
                throw new IOException("snapshot " + snapshot.id() + " has configuration files, which this version"
                        + " does not copy");
            }
        }
        Snapshot copied = to.commit(inTarget(snapshot), snapshot.id());
        there.add(copied);
        return Optional.of(new Result(copied, chunks, bytesStored));
    }

    /** The manifest, linked to the machine's previous one in the target instead of the source. */
    private Manifest inTarget(Snapshot snapshot) {
        Manifest manifest = snapshot.manifest();
        Optional<Snapshot> previous = there.stream()
                .filter(other -> other.manifest().machine().equals(manifest.machine())
                        && other.manifest().startedAt().isBefore(manifest.startedAt()))
                .max(Comparator.comparing((Snapshot other) -> other.manifest().startedAt())
                        .thenComparing(Snapshot::id));
        return new Manifest(
                to.repository().config().repositoryId(),
                manifest.machine(),
                manifest.machineGuid(),
                manifest.host(),
                manifest.startedAt(),
                manifest.finishedAt(),
                manifest.consistency(),
                manifest.disks(),
                manifest.files(),
                manifest.writer(),
                previous.map(Snapshot::id),
                previous.map(Snapshot::digest));
    }

    private void page(BlockMap map, DiskRecord disk, ChunkId id, int level, long index) throws IOException {
        if (id.isZero() || !done.add(id)) {
            return;
        }
        listener.check();
        MapPage page = map.page(level, index);
        if (level == 0) {
            blocks(page, disk, index);
        } else {
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                page(map, disk, page.id(entry), level - 1, index * MapShape.FAN_OUT + entry);
            }
        }
        if (to.find(id) == null) {
            ChunkId stored = writer.store(page);
            if (!stored.equals(id)) {
                throw new CorruptDataException("map page " + id.hex(), -1, "content with that id", stored.hex());
            }
            chunks++;
        }
    }

    /** The blocks of one leaf that the target has not, read in the order of the packs, a batch at a time. */
    private void blocks(MapPage leaf, DiskRecord disk, long leafIndex) throws IOException {
        List<Wanted> wanted = new ArrayList<>();
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            ChunkId id = leaf.id(entry);
            long offset = (leafIndex * MapShape.FAN_OUT + entry) * blockSize;
            if (id.isZero() || to.find(id) != null) {
                continue;
            }
            if ((wanted.size() + 1) * (long) blockSize > batch.capacity()) {
                send(wanted);
            }
            int length = (int) Math.min(blockSize, disk.size() - offset);
            wanted.add(new Wanted(id, batch.slice(wanted.size() * blockSize, length), entry));
        }
        send(wanted);
        long leafOffset = leafIndex * MapShape.FAN_OUT * blockSize;
        listener.bytesDone(Math.min((long) MapShape.FAN_OUT * blockSize, disk.size() - leafOffset));
    }

    private void send(List<Wanted> wanted) throws IOException {
        reader.readAll(wanted, (chunk, why) -> {
            throw why;
        });
        for (Wanted chunk : wanted) {
            int stored = writer.put(ChunkKind.BLOCK, chunk.id(), chunk.target());
            bytesStored += stored;
            chunks += stored > 0 ? 1 : 0;
        }
        wanted.clear();
    }
}
