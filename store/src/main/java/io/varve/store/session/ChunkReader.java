package io.varve.store.session;

import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;

import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.ChunkOpener;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.index.Place;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The read path: chunk id → place → frame → payload → plaintext, verified by its id (a map page, when the key is not
 * available, by its hash). No unverified byte is handed out.
 *
 * <p>Not thread-safe: every worker has its own. Holds one buffer of direct memory.
 */
public final class ChunkReader {
    /** Frames at most this far apart are read together: faster than another read, especially on spinning disks. */
    private static final int MAX_GAP = 128 << 10;

    /**
     * Most bytes of neighbouring frames read at once: few enough to be in the processor's cache still when they are
     * decoded.
     */
    private static final int READ_AT_ONCE = 1 << 20;

    private final Source source;
    private final ChunkLookup lookup;
    private final ChunkOpener opener;
    private final ByteBuffer buffer;

    public ChunkReader(Repository repository, ChunkLookup lookup) {
        this(repository, lookup, repository.backend()::read, PackFormat.MAX_RAW_LENGTH);
    }

    /**
     * @param source reads the repository's objects
     * @param maxRawLength bytes of the largest chunk it will read
     */
    ChunkReader(Repository repository, ChunkLookup lookup, Source source, int maxRawLength) {
        this.source = source;
        this.lookup = lookup;
        this.opener = repository.protection().newOpener();
        this.buffer = ByteBuffer.allocateDirect(Math.max(READ_AT_ONCE, PackFormat.maxFrameLength(maxRawLength)));
    }

    /** {@link Backend#read} of the repository, or a wrapper of it. */
    @FunctionalInterface
    public interface Source {
        void read(String object, long offset, ByteBuffer target) throws IOException;
    }

    /**
     * A chunk to be read.
     *
     * @param target where its plaintext goes: position to limit, exactly as long as the chunk
     * @param tag the caller's own number for it
     */
    public record Wanted(ChunkId id, ByteBuffer target, int tag) {}

    /** Receives chunks that cannot be read; the content of their targets is undefined. */
    @FunctionalInterface
    public interface DamageHandler {
        void damaged(Wanted wanted, CorruptDataException why) throws IOException;
    }

    /** Receives every verified chunk with its frame; the payload is valid during the call. */
    @FunctionalInterface
    public interface ProofHandler {
        void proven(Wanted wanted, FrameHeader header, ByteBuffer payload) throws IOException;
    }

    /**
     * Length of a chunk in bytes, as stated in its frame; verified only when the chunk is read.
     *
     * @throws CorruptDataException when it is missing, or its frame's header is damaged
     */
    public int rawLength(ChunkId id) throws IOException {
        Place place = lookup.find(id);
        while (place != null) {
            String object = PackFormat.objectName(place.packId());
            try {
                CorruptDataException failure = fill(object, place.offset(), FRAME_HEADER_SIZE);
                if (failure != null) {
                    throw failure;
                }
                return PackReader.frameHeader(buffer.slice(0, FRAME_HEADER_SIZE), object, place.offset())
                        .rawLength();
            } catch (NoSuchFileException e) {
                place = lookup.findAgain(id, place);
            }
        }
        throw missing(id);
    }

    /**
     * Reads one chunk.
     *
     * @throws CorruptDataException when it is missing or damaged
     * @throws io.varve.store.crypt.LockedRepositoryException when it is encrypted and the repository is locked
     */
    public void read(ChunkId id, ByteBuffer target) throws IOException {
        readAll(List.of(new Wanted(id, target, 0)), (wanted, why) -> {
            throw why;
        });
    }

    /**
     * Reads chunks in the order of their places in the packs, neighbours together, and a chunk requested twice once.
     */
    public void readAll(List<Wanted> chunks, DamageHandler onDamage) throws IOException {
        readAll(chunks, (wanted, header, payload) -> {}, onDamage);
    }

    /** As above, and also hands out the frames, for callers that store them elsewhere unchanged. */
    public void readAll(List<Wanted> chunks, ProofHandler onProof, DamageHandler onDamage) throws IOException {
        List<Located> located = new ArrayList<>(chunks.size());
        for (Wanted wanted : chunks) {
            Place place = lookup.find(wanted.id());
            if (place == null) {
                onDamage.damaged(wanted, missing(wanted.id()));
            } else {
                located.add(new Located(wanted, place));
            }
        }
        located.sort(Comparator.comparing((Located l) -> l.place.packId()).thenComparing(l -> l.place.offset()));
        int from = 0;
        while (from < located.size()) {
            int to = endOfGroup(located, from);
            readGroup(located.subList(from, to), onProof, onDamage);
            from = to;
        }
    }

    private record Located(Wanted wanted, Place place) {
        long endOffset() {
            return place.offset() + FRAME_HEADER_SIZE + place.storedLength();
        }
    }

    static CorruptDataException missing(ChunkId id) {
        return new CorruptDataException("packs", -1, "chunk " + id.hex() + " in some pack", "no intact copy");
    }

    private int endOfGroup(List<Located> located, int from) {
        Located first = located.get(from);
        long end = first.endOffset();
        int to = from + 1;
        while (to < located.size()) {
            Located next = located.get(to);
            boolean near = next.place.packId().equals(first.place.packId()) && next.place.offset() <= end + MAX_GAP;
            if (!near || Math.max(end, next.endOffset()) - first.place.offset() > READ_AT_ONCE) {
                break;
            }
            end = Math.max(end, next.endOffset());
            to++;
        }
        return to;
    }

    private void readGroup(List<Located> group, ProofHandler onProof, DamageHandler onDamage) throws IOException {
        Place first = group.get(0).place;
        String object = PackFormat.objectName(first.packId());
        long start = first.offset();
        long end = start;
        for (Located located : group) {
            end = Math.max(end, located.endOffset());
        }
        CorruptDataException failure;
        try {
            failure = fill(object, start, (int) (end - start));
        } catch (NoSuchFileException e) {
            readElsewhere(group, gone(first), onProof, onDamage);
            return;
        }
        if (failure != null) {
            for (Located located : group) { // one bad sector must not cost its neighbours
                readAlone(located, group.size() > 1 ? null : failure, onProof, onDamage);
            }
            return;
        }
        List<Damaged> damaged = new ArrayList<>();
        Frame last = null; // that was proven
        for (Located located : group) {
            try {
                last = last != null && last.holds(located)
                        ? last.copiedTo(located.wanted.target())
                        : decode(located, object, (int) (located.place.offset() - start));
            } catch (CorruptDataException e) {
                damaged.add(new Damaged(located, e)); // for later: the buffer has others yet
                continue;
            }
            onProof.proven(located.wanted, last.header, last.payload.duplicate());
        }
        for (Damaged one : damaged) {
            readAlone(one.located, one.why, onProof, onDamage);
        }
    }

    private record Damaged(Located located, CorruptDataException why) {}

    /**
     * Reads one chunk or, if it is damaged, another copy of it: two sessions that stored it at the same time left two.
     *
     * @param known why it could not be read at its first place; null when that has not been tried
     */
    private void readAlone(Located located, CorruptDataException known, ProofHandler onProof, DamageHandler onDamage)
            throws IOException {
        CorruptDataException why = known;
        if (why == null) {
            try {
                why = tryAlone(located, onProof);
            } catch (NoSuchFileException e) { // since its neighbours were looked for
                readElsewhere(List.of(located), gone(located.place), onProof, onDamage);
                return;
            }
        }
        if (why != null && !readCopy(located, onProof)) {
            onDamage.damaged(located.wanted, why);
        }
    }

    private boolean readCopy(Located located, ProofHandler onProof) throws IOException {
        for (Place other : lookup.findCopies(located.wanted.id(), located.place)) {
            try {
                if (tryAlone(new Located(located.wanted, other), onProof) == null) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                // The pack was collected in the meantime; there may be another copy.
            }
        }
        return false;
    }

    private static CorruptDataException gone(Place place) {
        return new CorruptDataException(PackFormat.objectName(place.packId()), -1, "the pack", "no such file");
    }

    /** @return why it cannot be read there, or null */
    private CorruptDataException tryAlone(Located located, ProofHandler onProof) throws IOException {
        Place place = located.place;
        String object = PackFormat.objectName(place.packId());
        Frame frame;
        try {
            CorruptDataException failure = fill(object, place.offset(), FRAME_HEADER_SIZE + place.storedLength());
            if (failure != null) {
                return failure;
            }
            frame = decode(located, object, 0);
        } catch (CorruptDataException e) {
            return e;
        }
        onProof.proven(located.wanted, frame.header, frame.payload.duplicate());
        return null;
    }

    /** A pack that is gone was removed because of damage, or collected; then its needed chunks are in another pack. */
    private void readElsewhere(
            List<Located> group, CorruptDataException gone, ProofHandler onProof, DamageHandler onDamage)
            throws IOException {
        for (Located located : group) {
            Place place = lookup.findAgain(located.wanted.id(), located.place);
            if (place == null) {
                onDamage.damaged(located.wanted, gone);
            } else {
                readGroup(List.of(new Located(located.wanted, place)), onProof, onDamage);
            }
        }
    }

    private CorruptDataException fill(String object, long offset, int length) throws IOException {
        if (length > buffer.capacity()) {
            return new CorruptDataException(
                    object, offset, "a frame of at most " + buffer.capacity() + " bytes", length + " bytes");
        }
        try {
            source.read(object, offset, buffer.clear().limit(length));
            return null;
        } catch (CorruptDataException e) {
            return e; // an unreadable sector is damage, not the end of the restore
        }
    }

    /** A frame that was decoded and verified; {@code payload} is valid until the next read. */
    private record Frame(Place place, FrameHeader header, ByteBuffer payload, ByteBuffer plaintext) {
        boolean holds(Located wanted) {
            return wanted.place.equals(place)
                    && wanted.wanted.id().equals(header.id())
                    && wanted.wanted.target().remaining() == header.rawLength();
        }

        /** A verified chunk need not be decoded and verified again. */
        Frame copiedTo(ByteBuffer target) {
            target.put(target.position(), plaintext, 0, header.rawLength());
            return this;
        }
    }

    private Frame decode(Located located, String object, int at) throws IOException {
        long offset = located.place.offset();
        ChunkId id = located.wanted.id();
        ByteBuffer target = located.wanted.target();
        ByteBuffer frame = buffer.slice(at, FRAME_HEADER_SIZE + located.place.storedLength());
        FrameHeader header = PackReader.frameHeader(frame, object, offset);
        if (!header.id().equals(id) || header.storedLength() != located.place.storedLength()) {
            throw new CorruptDataException(object, offset, "the frame of chunk " + id.hex(), "" + header);
        }
        if (header.rawLength() != target.remaining()) {
            throw new CorruptDataException(
                    object, offset, "a chunk of " + target.remaining() + " bytes", header.rawLength() + " bytes");
        }
        // The id verifies the plaintext; checking the payload's own hash too would add nothing.
        ByteBuffer payload = PackReader.checkedPayload(frame, header, object, offset, false);
        opener.open(header, payload, target, object, offset);
        return new Frame(located.place, header, payload, target.slice());
    }
}
