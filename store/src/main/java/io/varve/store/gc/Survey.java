package io.varve.store.gc;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.Place;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.session.PackNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Determines which frames of each pack are needed. If a chunk is in several packs, the copy that the index names is
 * live if it can be read; the other copies are dead.
 */
final class Survey {
    private final Backend backend;
    private final Footers footers;
    private final ChunkIndex index;
    private final LiveFilter live;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    Survey(Backend backend, ChunkIndex index, LiveFilter live) {
        this.backend = backend;
        this.footers = new Footers(backend, Footers.MOST_FRAMES);
        this.index = index;
        this.live = live;
    }

    /**
     * A pack and its needed frames.
     *
     * @param liveFrames by their numbers
     * @param liveBytes frames that are needed, headers included
     * @param deadBytes frames that are not, without the one that makes a pack's name unique
     */
    record Weighed(ChunkId pack, PackFooter footer, BitSet liveFrames, long liveBytes, long deadBytes) {
        boolean isEmpty() {
            return liveFrames.isEmpty();
        }
    }

    /** @throws CorruptDataException when the pack's footer cannot be read; such a pack is left alone */
    Weighed weigh(ChunkId pack) throws IOException {
        PackFooter footer = footers.of(pack);
        BitSet liveFrames = new BitSet();
        long liveBytes = 0;
        long deadBytes = 0;
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            long length = footer.header(frame).frameLength();
            if (isNeeded(pack, footer, frame)) {
                liveFrames.set(frame);
                liveBytes += length;
            } else if (!PackNames.isRandomChunk(footer, frame)) {
                deadBytes += length;
            }
        }
        return new Weighed(pack, footer, liveFrames, liveBytes, deadBytes);
    }

    /** Keeps the footer of a pack that will be needed again, as far as there is room. */
    void keep(Weighed weighed) {
        footers.keep(weighed.pack(), weighed.footer());
    }

    private boolean isNeeded(ChunkId pack, PackFooter footer, int frame) throws IOException {
        ChunkId id = footer.id(frame);
        if (!live.mayHave(id)) {
            return false;
        }
        Place place = index.find(id);
        boolean isThisCopy = place == null || place.packId().equals(pack) && place.offset() == footer.offset(frame);
        // The other copy must be readable before this one may be deleted.
        return isThisCopy || !canBeRead(id, place);
    }

    private boolean canBeRead(ChunkId id, Place place) throws IOException {
        String object = PackFormat.objectName(place.packId());
        int length = PackFormat.FRAME_HEADER_SIZE + place.storedLength();
        try {
            ByteBuffer frame = read(object, place.offset(), length);
            FrameHeader header = PackReader.frameHeader(frame, object, place.offset());
            ByteBuffer payload = PackReader.checkedPayload(frame, header, object, place.offset(), false);
            return header.id().equals(id) && XxHash.hash64(payload) == header.payloadHash();
        } catch (CorruptDataException | NoSuchFileException e) {
            return false;
        }
    }

    /** Bytes of a pack, in a buffer that the next read overwrites. */
    ByteBuffer read(String object, long offset, int length) throws IOException {
        if (length > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(length);
        }
        backend.read(object, offset, buffer.clear().limit(length));
        return buffer.flip();
    }

    /** Whether the index names {@code pack} as the place of something that may be needed. */
    boolean isNamed(ChunkId pack) throws IOException {
        PackFooter footer = footers.of(pack);
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            Place place = live.mayHave(footer.id(frame)) ? index.find(footer.id(frame)) : null;
            if (place != null && place.packId().equals(pack)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Chunks of {@code pack} that may be needed and cannot be read from any pack outside {@code going}. Most are errors
     * of the filter, which {@link Suspects} detects.
     */
    List<ChunkId> unreplaced(ChunkId pack, Set<ChunkId> going) throws IOException {
        PackFooter footer = footers.of(pack);
        List<ChunkId> unreplaced = new ArrayList<>();
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            ChunkId id = footer.id(frame);
            if (live.mayHave(id)) {
                Place place = index.find(id);
                if (place == null || going.contains(place.packId()) || !canBeRead(id, place)) {
                    unreplaced.add(id);
                }
            }
        }
        return unreplaced;
    }
}
