package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.home.IndexSlot;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.DamagedIndexException;
import io.varve.store.index.IndexBusyException;
import io.varve.store.index.IndexUnavailableException;
import io.varve.store.index.Place;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.pack.FootersAhead;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackListing;
import io.varve.store.snapshot.DiskRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Read access to a repository. It takes no lock, writes nothing except a missing index, and works while backups run.
 *
 * <p>Threading: {@code find} and the maps may be used by many threads. For chunks that the index does not know, the
 * footers of packs newer than the index are searched once, or all footers if the index is damaged; the result is kept
 * on the heap, about 150 bytes per chunk. The same applies to chunks whose pack was deleted by a collection in the
 * meantime.
 */
public final class ReadSession implements ChunkLookup, Closeable {
    /** Chunks; about 200 bytes of heap each. */
    private static final int MOST_COPIES = 200_000;

    private final Repository repository;
    private final Consumer<String> notices;
    private final ChunkIndex index; // null when there is none and none can be made
    private final PageReader pages;
    private final Map<ChunkId, Place> newer = new HashMap<>();
    private final Map<ChunkId, Place> moved = new HashMap<>();
    private final Set<ChunkId> vanished = new HashSet<>();
    private final Set<ChunkId> unreadable = new HashSet<>();
    private Map<ChunkId, List<Place>> copies; // null until something is damaged
    private boolean newerPacksRead;
    private boolean allPacksRead;
    private volatile boolean indexFailed;

    private ReadSession(Repository repository, ChunkIndex index, Consumer<String> notices) {
        this.repository = repository;
        this.index = index;
        this.notices = notices;
        this.pages = new PageReader(repository, this);
    }

    /** @param notices receives messages about unusual events, for the operator */
    public static ReadSession open(Repository repository, Consumer<String> notices) throws IOException {
        ChunkIndex index = openIndex(repository);
        if (index == null && makeIndex(repository, notices)) {
            index = openIndex(repository);
        }
        return new ReadSession(repository, index, notices);
    }

    private static ChunkIndex openIndex(Repository repository) throws IOException {
        if (!ChunkIndex.exists(repository.home().index())) {
            return null;
        }
        try {
            return ChunkIndex.openForReading(
                    repository.home().index(), repository.config().repositoryId());
        } catch (DamagedIndexException | IndexUnavailableException e) {
            // A place that does not answer at all fails at the next read of a pack.
            return null;
        }
    }

    private static boolean makeIndex(Repository repository, Consumer<String> notices) throws IOException {
        if (repository.home().indexIsShared() && !repository.mayWrite()) {
            return false;
        }
        try (IndexSlot slot = repository.home().tryFirstIndex()) {
            if (slot == null) {
                return false;
            }
            IndexMaintenance.open(repository, slot, notices).close();
            return true;
        } catch (DamagedIndexException | IndexBusyException | IndexUnavailableException e) {
            // There was none to read. Reading the packs' footers takes longer, but needs no space.
            notices.accept(e.getMessage() + " — reading pack footers instead");
            return false;
        }
    }

    public Repository repository() {
        return repository;
    }

    @Override
    public Place find(ChunkId id) throws IOException {
        if (index != null && !indexFailed) {
            try {
                Place place = index.find(id);
                if (place != null) {
                    return place;
                }
            } catch (DamagedIndexException | IndexUnavailableException e) {
                // On NFS a file that another computer's writer has merged is a stale handle. Packs say all there is.
                giveUpIndex(e);
            }
        }
        return findInNewerPacks(id);
    }

    /** Continues with the footers of all packs instead of the index. */
    private synchronized void giveUpIndex(IOException e) {
        if (!indexFailed) {
            notices.accept(e.getMessage() + " — reading pack footers instead");
            newerPacksRead = false;
            indexFailed = true;
        }
    }

    private synchronized Place findInNewerPacks(ChunkId id) throws IOException {
        Place place = newer.get(id);
        if (place == null && !newerPacksRead) {
            newerPacksRead = true;
            readFooters(pack -> index == null || indexFailed || !index.knowsPack(pack), newer::put);
            place = newer.get(id);
        }
        return place;
    }

    /**
     * Searches packs that are new since then and, if that is not enough, all packs: the index may have named one of two
     * copies, and a collection with another index kept the other one.
     */
    @Override
    public synchronized Place findAgain(ChunkId id, Place gone) throws IOException {
        if (vanished.add(gone.packId())) {
            newerPacksRead = false;
            allPacksRead = false;
            newer.values().removeIf(place -> place.packId().equals(gone.packId()));
        }
        Place place = findInNewerPacks(id);
        if (place == null && !allPacksRead) {
            allPacksRead = true;
            moved.clear();
            readFooters(pack -> true, this::collectMoved);
        }
        return place == null ? moved.get(id) : place;
    }

    /** Other places of chunks that the index has in vanished packs: as many as those packs held. */
    private void collectMoved(ChunkId id, Place place) throws IOException {
        Place known = index == null || indexFailed ? null : index.find(id);
        if (known != null && vanished.contains(known.packId())) {
            moved.put(id, place);
        }
    }

    /** Searches all packs, once: the index has only one place per chunk. */
    @Override
    public synchronized List<Place> findCopies(ChunkId id, Place damaged) throws IOException {
        if (copies == null) {
            notices.accept("found damage: searching all packs for intact copies");
            copies = new HashMap<>();
            readFooters(pack -> true, this::collectCopy);
            if (copies.size() == MOST_COPIES) {
                notices.accept("too many duplicate chunks for memory; some copies may not have been"
                        + " found. 'varve gc' removes duplicates");
            }
        }
        return copies.getOrDefault(id, List.of()).stream()
                .filter(place -> !place.equals(damaged))
                .toList();
    }

    private void collectCopy(ChunkId id, Place place) throws IOException {
        Place known = find(id);
        if (known != null && !known.equals(place) && (copies.size() < MOST_COPIES || copies.containsKey(id))) {
            copies.computeIfAbsent(id, unused -> new ArrayList<>(1)).add(place);
        }
    }

    @FunctionalInterface
    private interface FrameVisitor {
        void frame(ChunkId id, Place place) throws IOException;
    }

    /** If a pack was collected since it was listed, its needed chunks are in a pack that is listed now. */
    private void readFooters(Predicate<ChunkId> wanted, FrameVisitor visitor) throws IOException {
        Set<ChunkId> read = new HashSet<>();
        boolean complete = false;
        while (!complete) {
            complete = true;
            List<ChunkId> packs = new ArrayList<>();
            for (ChunkId pack : PackListing.all(repository.backend())) {
                if (wanted.test(pack) && read.add(pack)) {
                    packs.add(pack);
                }
            }
            try (FootersAhead footers = new FootersAhead(repository.backend(), packs)) {
                for (ChunkId pack : packs) {
                    complete &= readFooter(pack, footers, visitor);
                }
            }
        }
    }

    /** @return false when the pack is gone */
    private boolean readFooter(ChunkId pack, FootersAhead footers, FrameVisitor visitor) throws IOException {
        try {
            PackFooter footer = footers.next();
            for (int frame = 0; frame < footer.frameCount(); frame++) {
                visitor.frame(footer.id(frame), new Place(pack, footer.offset(frame), footer.storedLength(frame)));
            }
        } catch (NoSuchFileException e) {
            return false;
        } catch (CorruptDataException e) {
            if (unreadable.add(pack)) {
                notices.accept(e.getMessage());
            }
        }
        return true;
    }

    /** The block map of a disk of a snapshot. */
    public BlockMap map(DiskRecord disk) {
        return new BlockMap(MapShape.of(disk.size(), disk.blockSize()), disk.mapRoot(), pages);
    }

    /** Computes this repository's chunk ids; for one worker. */
    public ChunkHasher newHasher() throws LockedRepositoryException {
        return repository.protection().newHasher();
    }

    /** A reader of chunks for one worker. */
    public ChunkReader newChunkReader() {
        return new ChunkReader(repository, this);
    }

    /**
     * As above, for chunks of up to {@code maxRawLength} bytes, with a correspondingly smaller buffer.
     *
     * @param source reads packs
     */
    public ChunkReader newChunkReader(ChunkReader.Source source, int maxRawLength) {
        return new ChunkReader(repository, this, source, maxRawLength);
    }

    @Override
    public void close() throws IOException {
        if (index != null) {
            index.close();
        }
    }
}
