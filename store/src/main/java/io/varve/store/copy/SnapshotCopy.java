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
 * Copies snapshots, one after the other, oldest first. A snapshot keeps its id, so snapshots that the target has, or
 * has forgotten, are skipped. Chunks that the target has are not stored again, so an interrupted copy continues where
 * it stopped. Every chunk is verified by its id on the way.
 *
 * <p>Between repositories that name chunks alike, frames are copied as they are. Otherwise every chunk gets the id and
 * the seal of the target, and maps are rebuilt with those ids. If both repositories have a state of a disk in common,
 * only the differences from it are walked and read.
 *
 * <p>For one thread. Memory: 20 MiB of direct buffers, and at most 60 MiB of heap for ids seen before.
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
    private final CopyForecast forecast;
    private final List<Snapshot> there;
    private final Set<SnapshotId> forgotten = new HashSet<>();

    /** Receives progress. */
    public interface Listener {
        /** Called if a snapshot was copied and a later step failed. */
        default void warning(String message) {}

        /** @param bytes bytes of the disk whose blocks are in the target now */
        void bytesDone(long bytes);

        /** Throws an exception to stop the copy. What was copied stays. */
        void check() throws IOException;
    }

    /** What happened to a snapshot. */
    public enum Outcome {
        COPIED,
        /** The target already has it. */
        THERE,
        /** The target had it, and it was forgotten there. */
        FORGOTTEN
    }

    /**
     * The result of copying one snapshot.
     *
     * @param id in the target
     * @param chunks number of chunks stored, including map pages
     * @param bytesStored bytes that they take in packs
     */
    public record Result(Outcome outcome, SnapshotId id, long chunks, long bytesStored) {}

    /**
     * @param from unlocked if it is encrypted; the caller keeps ownership
     * @param to unlocked if it is encrypted; the caller keeps ownership and must not use it otherwise meanwhile
     * @throws IOException if their block sizes differ
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
        this.forecast = new CopyForecast(from, alike ? to : id -> null, listener);
        this.places = new CopyPlaces(sources, to.repository().snapshots());
        forgotten.addAll(to.repository().shelf().forgottenIds());
    }

    /** Copies {@code snapshot}, unless the target has it or has forgotten it. */
    public Result copy(Snapshot snapshot) throws IOException {
        return copy(snapshot, false);
    }

    /**
     * Copies {@code snapshot}, unless the target has it.
     *
     * @param again whether to copy it even if the target has forgotten it; it then gets another id, because the old one
     *     names the forgotten snapshot
     */
    public Result copy(Snapshot snapshot, boolean again) throws IOException {
        Optional<Result> skipped = skipped(snapshot, again);
        if (skipped.isPresent()) {
            return skipped.get();
        }
        SnapshotId id = forgotten.contains(snapshot.id())
                ? SnapshotId.create(snapshot.manifest().startedAt())
                : snapshot.id();
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
        listener.check();
        try {
            Placement place = places.of(snapshot, there);
            there.add(to.commit(inTarget(snapshot.manifest(), place, copiedDisks, files), id));
        } catch (CommittedException e) {
            there.add(e.snapshot());
            listener.warning(e.getMessage());
        } catch (FileAlreadyExistsException e) {
            return new Result(Outcome.THERE, id, 0, 0); // another process copied it meanwhile
        }
        return new Result(Outcome.COPIED, id, chunks.chunks() - chunksBefore, chunks.storedBytes() - bytesBefore);
    }

    private Optional<Result> skipped(Snapshot snapshot, boolean again) {
        for (Snapshot other : there) {
            if (other.id().equals(snapshot.id()) || CommonStates.isSameMoment(snapshot, other)) {
                return Optional.of(new Result(Outcome.THERE, other.id(), 0, 0));
            }
        }
        return forgotten.contains(snapshot.id()) && !again
                ? Optional.of(new Result(Outcome.FORGOTTEN, snapshot.id(), 0, 0))
                : Optional.empty();
    }

    /**
     * What {@link #copy(Snapshot, boolean)} would do. Stores nothing; later forecasts of this object assume that it was
     * done. Reads the pages in which maps differ from what the target has.
     */
    public Result forecast(Snapshot snapshot, boolean again) throws IOException {
        Optional<Result> skipped = skipped(snapshot, again);
        if (skipped.isPresent()) {
            return skipped.get();
        }
        CopyForecast.Sum before = forecast.sum();
        for (DiskRecord disk : snapshot.manifest().disks()) {
            forecast.add(snapshot.manifest().machine(), disk, common.find(snapshot, disk, there));
        }
        for (Manifest.FileRecord file : snapshot.manifest().files()) {
            forecast.add(file);
        }
        CopyForecast.Sum sum = forecast.sum();
        return new Result(Outcome.COPIED, snapshot.id(), sum.chunks() - before.chunks(), sum.bytes() - before.bytes());
    }

    /**
     * Whether {@link #forecast} tells what the target lacks. Between repositories that name chunks differently only a
     * copy itself finds out, so it tells what would be read: the target may have some of it.
     */
    public boolean forecastIsExact() {
        return alike;
    }

    private ChunkId copy(Snapshot snapshot, DiskRecord disk) throws IOException {
        BlockMap map = from.map(disk);
        Optional<DiskCopy.Base> base = common.find(snapshot, disk, there);
        ChunkId root = null;
        if (base.isPresent()) {
            try {
                root = disks.copy(map, disk, base.get());
            } catch (CorruptDataException e) {
                // The common state may be what is damaged, so try without it. If it is not, the same exception is
                // thrown again.
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

    /**
     * Returns the manifest for the target: placed among the machine's snapshots there, and linked to the previous one.
     */
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
                manifest.sourceState(),
                manifest.labels());
    }
}
