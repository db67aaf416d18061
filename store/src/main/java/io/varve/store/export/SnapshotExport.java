package io.varve.store.export;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.ChunkOpener;
import io.varve.store.crypt.KeyRing;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.index.Place;
import io.varve.store.json.SealedJson;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSet;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.FrameRule;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.pack.PackWriter;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes one snapshot and everything it needs as one file: configuration, keys, packs with only the frames it needs,
 * manifest, and a trailer with the digest of all that. Frames are copied as they are, so no key is needed. With the
 * key, or in a plain repository, each chunk is first verified by its id; without it, by the hash of its stored bytes.
 *
 * <p>The same snapshot of the same repository state gives the same bytes. For one thread. Memory: 40 MiB, plus heap of
 * 4 to 8 bytes per chunk of the snapshot, 24 to 48 per map page, and about 150 per chunk of packs that a collection
 * deletes before they are read.
 */
public final class SnapshotExport {
    private static final long PACK_TARGET_SIZE = 16 << 20;

    private final ReadSession from;
    private final Repository repository;
    private final Backend backend;
    private final Listener listener;
    private final NeededFrames wholeBlocks = new NeededFrames();
    private final NeededFrames others = new NeededFrames();
    private final Map<ChunkId, Integer> otherLengths = new HashMap<>(); // lengths of short last blocks of disks
    private final FrameRule rule;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(PackFormat.MAX_FRAME_LENGTH);
    private final ByteBuffer plaintext = ByteBuffer.allocateDirect(PackFormat.MAX_RAW_LENGTH);
    private final PackBuffers packBuffers = PackBuffers.atOnce();
    private final ChunkOpener opener; // null without the key
    private PackWriter open;
    private long chunks;

    @FunctionalInterface
    private interface Need {
        /** @param length length that it must have in bytes; {@link #ANY} if a wrong length is detected later */
        void chunk(ChunkId id, int length) throws IOException;
    }

    private static final int ANY = 0;

    /** Told how it goes. */
    public interface Listener {
        /** @param packs number of packs to read */
        void started(int packs);

        void packDone();

        /** Throws an exception to stop the export. */
        void check() throws IOException;
    }

    /**
     * The result of an export.
     *
     * @param chunks number of frames, including map pages
     * @param bytes size of the whole file
     * @param proven whether every chunk was verified by its id, and not only by a hash of its stored bytes
     */
    public record Result(long chunks, long bytes, boolean proven) {}

    public SnapshotExport(ReadSession from, Listener listener) {
        this.from = from;
        this.repository = from.repository();
        this.backend = repository.backend();
        this.listener = listener;
        this.rule = FrameRule.of(repository.config().encrypted());
        this.opener = repository.isLocked() ? null : repository.protection().newOpener();
    }

    /**
     * Writes {@code snapshot} to {@code sink}.
     *
     * @throws CorruptDataException if something that the snapshot needs is missing or damaged; what was written so far
     *     is not a valid export
     */
    public Result write(Snapshot snapshot, ExportSink sink) throws IOException {
        walk(snapshot, this::need);
        ExportWriter export = new ExportWriter(sink);
        document(export, RepositoryConfig.OBJECT, SealedJson.MAX_SIZE);
        if (repository.config().encrypted()) {
            for (String key : KeyRing.names(backend)) {
                document(export, key, KeyRing.MAX_SIZE);
            }
        }
        packs(snapshot, export);
        byte[] manifest = WholeObject.read(backend, snapshot.id().objectName(), SealedJson.MAX_SIZE);
        if (!new ChunkHasher().id(manifest).equals(snapshot.digest())) {
            throw new CorruptDataException(
                    snapshot.id().objectName(), -1, "the manifest that was read before", "another one");
        }
        export.member(snapshot.id().objectName(), manifest, manifest.length);
        export.finish(snapshot.id());
        return new Result(chunks, export.bytes(), opener != null);
    }

    private void document(ExportWriter export, String name, int maxSize) throws IOException {
        byte[] content = WholeObject.read(backend, name, maxSize);
        export.member(name, content, content.length);
    }

    private void need(ChunkId id, int length) throws IOException {
        if (length == repository.config().blockSize()) {
            wholeBlocks.add(find(id));
            return;
        }
        others.add(find(id));
        Integer before = length == ANY ? null : otherLengths.put(id, length);
        if (before != null && before != length) {
            throw new CorruptDataException(
                    "map", -1, "chunk " + id.hex() + " of one length", before + " and " + length + " bytes");
        }
    }

    private boolean isNeeded(ChunkId pack, long offset) {
        return wholeBlocks.contains(pack, offset) || others.contains(pack, offset);
    }

    /** Visits all chunks of the snapshot: map pages once, blocks as often as pages name them. */
    private void walk(Snapshot snapshot, Need need) throws IOException {
        PageSet pages = new PageSet();
        for (DiskRecord disk : snapshot.manifest().disks()) {
            BlockMap map = from.map(disk);
            page(map, disk.mapRoot(), map.shape().rootLevel(), 0, pages, need);
        }
        for (FileRecord file : snapshot.manifest().files()) {
            for (ChunkId piece : file.pieces()) {
                if (!piece.isZero()) {
                    need.chunk(piece, ANY);
                }
            }
        }
    }

    private void page(BlockMap map, ChunkId id, int level, long index, PageSet pages, Need need) throws IOException {
        if (id.isZero() || !pages.add(id) && !map.shape().endsIn(level, index)) {
            return;
        }
        listener.check();
        need.chunk(id, ANY);
        MapPage page = map.page(level, index);
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            ChunkId child = page.id(entry);
            if (level > 0) {
                page(map, child, level - 1, index * MapShape.FAN_OUT + entry, pages, need);
            } else if (!child.isZero()) {
                need.chunk(child, map.shape().blockLength(index * MapShape.FAN_OUT + entry));
            }
        }
    }

    private Place find(ChunkId id) throws IOException {
        return present(from.find(id), id);
    }

    private static Place present(Place place, ChunkId id) throws CorruptDataException {
        if (place == null) {
            throw new CorruptDataException("packs", -1, "chunk " + id.hex() + " in some pack", "no intact copy");
        }
        return place;
    }

    private void packs(Snapshot snapshot, ExportWriter export) throws IOException {
        Set<ChunkId> packs = new TreeSet<>(wholeBlocks.packs());
        packs.addAll(others.packs());
        listener.started(packs.size());
        Set<ChunkId> gone = new HashSet<>();
        for (ChunkId pack : packs) {
            listener.check();
            try {
                pack(export, pack, PackReader.footer(backend, pack));
            } catch (NoSuchFileException e) {
                gone.add(pack);
            }
            listener.packDone();
        }
        if (!gone.isEmpty()) {
            movedElsewhere(snapshot, export, gone);
        }
        if (open != null) {
            open.publish();
        }
    }

    private void pack(ExportWriter export, ChunkId pack, PackFooter footer) throws IOException {
        for (int number = 0; number < footer.frameCount(); number++) {
            if (isNeeded(pack, footer.offset(number))) {
                checkLength(pack, footer, number);
                Place place = new Place(pack, footer.offset(number), footer.storedLength(number));
                try {
                    move(export, place, footer.header(number));
                } catch (NoSuchFileException e) {
                    moveFromElsewhere(export, footer.id(number), footer.rawLength(number), place);
                }
            }
        }
    }

    private void checkLength(ChunkId pack, PackFooter footer, int number) throws CorruptDataException {
        String object = PackFormat.objectName(pack);
        long offset = footer.offset(number);
        FrameHeader header = footer.header(number);
        int whole = wholeBlocks.contains(pack, offset) ? repository.config().blockSize() : ANY;
        checkLength(whole, header, object, offset);
        checkLength(otherLengths.getOrDefault(header.id(), ANY), header, object, offset);
    }

    private static void checkLength(int expected, FrameHeader header, String object, long offset)
            throws CorruptDataException {
        if (expected != ANY && header.rawLength() != expected) {
            throw new CorruptDataException(
                    object, offset, "a chunk of " + expected + " bytes", header.rawLength() + " bytes");
        }
    }

    /**
     * Exports chunks of packs that a collection has deleted since their frames were looked up. The collection has
     * copied what is needed into other packs. Which chunks those are can only be found by walking the maps again.
     */
    private void movedElsewhere(Snapshot snapshot, ExportWriter export, Set<ChunkId> gone) throws IOException {
        Map<ChunkId, Place> missing = new LinkedHashMap<>();
        Map<ChunkId, Integer> lengths = new HashMap<>();
        walk(snapshot, (id, length) -> {
            Place place = find(id);
            // The look-up may give the new place already. A place that was not needed before was not exported either.
            if (gone.contains(place.packId()) || !isNeeded(place.packId(), place.offset())) {
                missing.put(id, place);
                lengths.put(id, length);
            }
        });
        for (Map.Entry<ChunkId, Place> entry : missing.entrySet()) {
            listener.check();
            moveFromElsewhere(export, entry.getKey(), lengths.get(entry.getKey()), entry.getValue());
        }
    }

    private void moveFromElsewhere(ExportWriter export, ChunkId id, int length, Place last) throws IOException {
        Place place = last;
        while (true) {
            try {
                String object = PackFormat.objectName(place.packId());
                FrameHeader header = PackReader.frameHeaderAt(backend, object, place.offset());
                if (!header.id().equals(id)) {
                    throw new CorruptDataException(
                            object, place.offset(), "the frame of chunk " + id.hex(), "" + header);
                }
                checkLength(length, header, object, place.offset());
                move(export, place, header);
                return;
            } catch (NoSuchFileException e) {
                place = present(from.findAgain(id, place), id);
            }
        }
    }

    private void move(ExportWriter export, Place place, FrameHeader header) throws IOException {
        String object = PackFormat.objectName(place.packId());
        long offset = place.offset();
        backend.read(object, offset, frame.clear().limit(header.frameLength()));
        ByteBuffer payload = PackReader.checkedPayload(frame.flip(), header, object, offset);
        rule.check(header, object, offset);
        if (opener != null) {
            opener.open(header, payload, plaintext.clear().limit(header.rawLength()), object, offset);
        }
        if (open == null) {
            open = new PackWriter(export, repository.config().repositoryId(), 0, Set.of(), packBuffers);
        }
        open.append(header, payload);
        chunks++;
        if (open.length() >= Math.min(PACK_TARGET_SIZE, repository.config().packTargetSize())
                || open.frameCount() >= PackFormat.FULL_FRAMES) {
            open.publish();
            open = null;
        }
    }
}
