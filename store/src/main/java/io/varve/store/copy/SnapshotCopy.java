package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.BlockMap;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.CommittedException;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Placement;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies snapshots, one after the other, oldest first. A snapshot keeps its id, so one that is there already is passed
 * over, as is one that was forgotten there. Chunks that are there already are not stored again, so a copy that was
 * interrupted goes on where it was. Every chunk is proven by its id on the way.
 *
 * <p>Between repositories that name chunks alike, frames are moved as they are. Otherwise every chunk gets the id and
 * the seal that the target gives, and maps are rebuilt with those ids. Of what both repositories have already, only the
 * differences are walked and read.
 *
 * <p>For one thread. Memory: 20 MiB of direct buffers, and at most 60 MiB of heap for ids met before.
 */
public final class SnapshotCopy {
    private static final int LEAVES_KEPT = 1 << 18;
    private static final int INNER_KEPT = 1 << 15;

    private final ReadSession from;
    private final WriteSession to;
    private final boolean alike;
    private final Listener listener;
    private final ChunkStream chunks;
    private final DiskCopy disks;
    private final CommonStates common;
    private final CopyPlaces places;
    private final List<Snapshot> there;
    private final Set<SnapshotId> forgotten = new HashSet<>();

    /** Told how it goes. */
    public interface Listener {
        /** A snapshot is there, and what came after that has failed. */
        default void warning(String message) {}

        /** @param bytes of disk whose blocks are in the target now */
        void bytesDone(long bytes);

        /** To be thrown when the copy shall end; what was copied stays. */
        void check() throws IOException;
    }

    /** What became of a snapshot. */
    public enum Outcome {
        COPIED,
        /** The target has it. */
        THERE,
        /** The target had it, and somebody forgot it there. */
        FORGOTTEN
    }

    /**
     * What copying one snapshot came to.
     *
     * @param id in the target
     * @param chunks that were stored, map pages among them
     * @param bytesStored that they take in packs
     */
    public record Result(Outcome outcome, SnapshotId id, long chunks, long bytesStored) {}

    /**
     * @param from unlocked if it is encrypted; stays the caller's
     * @param to likewise; used for nothing else meanwhile
     * @throws IOException when their block sizes differ
     */
    public SnapshotCopy(ReadSession from, WriteSession to, Listener listener) throws IOException {
        int size = from.repository().config().blockSize();
        if (to.repository().config().blockSize() != size) {
            throw new IOException("expected a repository with blocks of " + size + " bytes, as in "
                    + from.repository().location() + ", found "
                    + to.repository().config().blockSize() + " in "
                    + to.repository().location());
        }
        this.from = from;
        this.to = to;
        this.alike = from.repository().namesAlike(to.repository());
        ChunkWriter writer = to.newChunkWriter(size);
        ChunkTransfer transfer = alike ? new MovedChunks(to, writer) : new RenamedChunks(to, writer, size);
        this.chunks = new ChunkStream(from.newChunkReader(), writer, transfer, size);
        this.disks = new DiskCopy(chunks, new RecentIds(LEAVES_KEPT), new RecentIds(INNER_KEPT), listener);
        this.there = new ArrayList<>(to.repository().snapshots().list().snapshots());
        List<Snapshot> sources = from.repository().snapshots().list().snapshots();
        this.listener = listener;
        this.common = new CommonStates(from, to, sources, alike);
        this.places = new CopyPlaces(sources, to.repository().snapshots());
        to.repository().shelf().forgotten(new ArrayList<>()).forEach(record -> forgotten.add(record.id()));
    }

    /** Copies {@code snapshot}, unless it is in the target or was. */
    public Result copy(Snapshot snapshot) throws IOException {
        return copy(snapshot, false);
    }

    /**
     * Copies {@code snapshot}, unless it is in the target.
     *
     * @param again also if it was forgotten there; it gets another id then, since that one stands for what was
     *     forgotten
     */
    public Result copy(Snapshot snapshot, boolean again) throws IOException {
        for (Snapshot other : there) {
            if (other.id().equals(snapshot.id()) || CommonStates.isSameMoment(snapshot, other)) {
                return new Result(Outcome.THERE, other.id(), 0, 0);
            }
        }
        SnapshotId id = snapshot.id();
        if (forgotten.contains(id)) {
            if (!again) {
                return new Result(Outcome.FORGOTTEN, id, 0, 0);
            }
            id = SnapshotId.create(snapshot.manifest().startedAt());
        }
        long chunksBefore = chunks.chunks();
        long bytesBefore = chunks.storedBytes();
        List<DiskRecord> copiedDisks = new ArrayList<>();
        for (DiskRecord disk : snapshot.manifest().disks()) {
            copiedDisks.add(disk.withRoot(copy(snapshot, disk)));
        }
        List<Manifest.FileRecord> files = new ArrayList<>();
        for (Manifest.FileRecord file : snapshot.manifest().files()) {
            files.add(copy(file));
        }
        try {
            Placement place = places.of(snapshot, there);
            there.add(to.commit(inTarget(snapshot.manifest(), place, copiedDisks, files), id));
        } catch (CommittedException e) {
            there.add(e.snapshot());
            listener.warning(e.getMessage());
        } catch (FileAlreadyExistsException e) {
            return new Result(Outcome.THERE, id, 0, 0); // another copy was faster
        }
        return new Result(Outcome.COPIED, id, chunks.chunks() - chunksBefore, chunks.storedBytes() - bytesBefore);
    }

    private ChunkId copy(Snapshot snapshot, DiskRecord disk) throws IOException {
        BlockMap map = from.map(disk);
        Optional<DiskCopy.Base> base = common.find(snapshot, disk, there);
        ChunkId root = null;
        if (base.isPresent()) {
            try {
                root = disks.copy(map, disk, base.get());
            } catch (CorruptDataException e) {
                // The earlier state may be the damaged one. If not, this is thrown again.
            }
        }
        if (root == null) {
            root = disks.copy(map, disk, DiskCopy.Base.none(map.shape()));
        }
        if (alike && !root.equals(disk.mapRoot())) {
            throw new CorruptDataException(
                    "block map of disk " + disk.name() + " of " + snapshot.id(),
                    -1,
                    "root " + disk.mapRoot().hex(),
                    root.hex());
        }
        return root;
    }

    private Manifest.FileRecord copy(Manifest.FileRecord file) throws IOException {
        Map<ChunkId, ChunkId> names = new HashMap<>();
        List<ChunkId> pieces = new ArrayList<>();
        for (ChunkId piece : file.pieces()) {
            if (!piece.isZero() && !names.containsKey(piece)) {
                names.put(piece, chunks.send(ChunkKind.FILE_PIECE, piece));
            }
            pieces.add(names.getOrDefault(piece, piece));
        }
        return new Manifest.FileRecord(file.name(), file.size(), List.copyOf(pieces));
    }

    /** The manifest in its place among the machine's snapshots in the target, and linked to the one before it. */
    private Manifest inTarget(
            Manifest manifest, Placement place, List<DiskRecord> copiedDisks, List<Manifest.FileRecord> files) {
        Optional<Snapshot> previous = place.previous()
                .flatMap(head -> there.stream()
                        .filter(other -> other.id().equals(head.id()))
                        .findFirst());
        return new Manifest(
                to.repository().config().repositoryId(),
                manifest.machine(),
                manifest.machineGuid(),
                manifest.host(),
                manifest.startedAt(),
                manifest.finishedAt(),
                manifest.consistency(),
                List.copyOf(copiedDisks),
                List.copyOf(files),
                manifest.writer(),
                previous.map(Snapshot::id),
                previous.map(Snapshot::digest),
                place.sequence(),
                manifest.sourceState());
    }
}
