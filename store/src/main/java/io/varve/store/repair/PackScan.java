package io.varve.store.repair;

import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads every frame of a pack and tells the sound ones from the others, by the hash of their stored bytes; needs no
 * key. Where the footer is lost, frames are searched for: one begins wherever a frame header with the right hash
 * stands. For one thread. Holds 5 MiB of direct memory.
 */
final class PackScan {
    private static final int SEARCHED_AT_ONCE = 1 << 20;

    /**
     * How often as much as the file is read for headers without their payload: damage has few, an attack any number.
     */
    private static final int MOST_IN_VAIN = 4;

    private final Backend backend;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(PackFormat.MAX_RAW_LENGTH + (64 << 10));
    /** What was read last while searching; a damaged frame must not have all of it read again. */
    private final ByteBuffer searched = ByteBuffer.allocateDirect(SEARCHED_AT_ONCE + FRAME_HEADER_SIZE);

    private long searchedFrom;

    PackScan(Backend backend) {
        this.backend = backend;
    }

    /** Is given the sound frames in order; the payload is valid during the call. */
    @FunctionalInterface
    interface Visitor {
        void frame(FrameHeader header, ByteBuffer payload) throws IOException;
    }

    /**
     * What was found of a pack.
     *
     * @param footer whether it could be read; without it, lost chunks cannot be named
     * @param soundFrames how many
     * @param lost chunks whose frames are damaged
     */
    record Result(boolean footer, int soundFrames, List<ChunkId> lost) {
        boolean isSound() {
            return footer && lost.isEmpty();
        }
    }

    /** Scans a pack where it belongs: a footer that is not the one its name promises is none. */
    Result scan(ChunkId pack, Visitor visitor) throws IOException {
        String object = PackFormat.objectName(pack);
        try {
            return scan(object, PackReader.footer(backend, pack), visitor);
        } catch (CorruptDataException e) {
            return new Result(false, search(object, visitor), List.of());
        }
    }

    /** Scans a pack that lies somewhere else, frame by frame as they stand there. */
    int scan(String object, Visitor visitor) throws IOException {
        PackFooter footer;
        try {
            footer = PackReader.footer(backend, object);
        } catch (CorruptDataException e) {
            return search(object, visitor);
        }
        return scan(object, footer, visitor).soundFrames();
    }

    private Result scan(String object, PackFooter footer, Visitor visitor) throws IOException {
        List<ChunkId> lost = new ArrayList<>();
        int sound = 0;
        for (int number = 0; number < footer.frameCount(); number++) {
            FrameHeader header = footer.header(number);
            Optional<ByteBuffer> payload = payload(object, footer.offset(number), header);
            if (payload.isPresent()) {
                sound++;
                visitor.frame(header, payload.get());
            } else {
                lost.add(header.id());
            }
        }
        return new Result(true, sound, lost);
    }

    /** The payload of the frame at {@code offset}, if it can be read and its hash is that of {@code header}. */
    private Optional<ByteBuffer> payload(String object, long offset, FrameHeader header) throws IOException {
        try {
            backend.read(object, offset, frame.clear().limit(header.frameLength()));
            return Optional.of(PackReader.checkedPayload(frame.flip(), header, object, offset, true));
        } catch (CorruptDataException e) {
            // Damaged bytes, an unreadable sector, the end of the file: this frame is lost, others are not.
            return Optional.empty();
        }
    }

    private int search(String object, Visitor visitor) throws IOException {
        // Behind that no writer puts anything; somebody else may have put any amount there.
        long size = Math.min(backend.size(object), PackFormat.MAX_PACK_SIZE);
        long inVain = 0;
        searched.clear().limit(0);
        int sound = 0;
        long offset = PackFormat.HEADER_SIZE;
        while (offset + FRAME_HEADER_SIZE < size && inVain <= MOST_IN_VAIN * size) {
            Found found = next(object, offset, size);
            if (found.header().isEmpty()) {
                offset = found.offset();
                continue;
            }
            FrameHeader header = found.header().get();
            boolean whole = header.frameLength() <= size - found.offset();
            Optional<ByteBuffer> payload = whole ? payload(object, found.offset(), header) : Optional.empty();
            if (payload.isPresent()) {
                sound++;
                visitor.frame(header, payload.get());
                offset = found.offset() + header.frameLength();
            } else {
                inVain += whole ? header.frameLength() : 0;
                offset = found.offset() + 1;
            }
        }
        return sound;
    }

    /** @param offset of the header, or where to go on searching */
    private record Found(long offset, Optional<FrameHeader> header) {}

    /** Looks through one piece of the file for a frame header whose hash is right. */
    private Found next(String object, long offset, long size) throws IOException {
        long end = searchedFrom + searched.limit();
        if (offset < searchedFrom || offset + FRAME_HEADER_SIZE > end) {
            int length = (int) Math.min(searched.capacity(), size - offset);
            searchedFrom = offset;
            try {
                backend.read(object, offset, searched.clear().limit(length));
                searched.flip();
            } catch (CorruptDataException e) {
                searched.clear().limit(0);
                return new Found(offset + 4096, Optional.empty()); // an unreadable sector
            }
        }
        int length = searched.limit();
        for (int at = (int) (offset - searchedFrom); at + FRAME_HEADER_SIZE <= length; at++) {
            if (searched.get(at) == 'V' && searched.get(at + 1) == 'F') {
                long place = searchedFrom + at;
                try {
                    FrameHeader header = PackReader.frameHeader(searched.slice(at, FRAME_HEADER_SIZE), object, place);
                    return new Found(place, Optional.of(header));
                } catch (CorruptDataException e) {
                    // Two letters that happen to stand there.
                }
            }
        }
        return new Found(Math.max(offset + 1, searchedFrom + length - FRAME_HEADER_SIZE + 1), Optional.empty());
    }
}
