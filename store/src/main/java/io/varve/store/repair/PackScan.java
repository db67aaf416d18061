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
 * Reads every frame of a pack and finds the intact ones, by the hash of their stored bytes; needs no key. If the footer
 * is lost, it searches for frames: one begins wherever there is a frame header with the right hash. For one thread.
 * Holds 5 MiB of direct memory.
 */
final class PackScan {
    private static final int SEARCHED_AT_ONCE = 1 << 20;

    /**
     * Limit on reading payloads in vain during a search, as a multiple of the file's size. Real damage leaves few
     * headers without an intact payload; an attacker could write any number.
     */
    private static final int MOST_IN_VAIN = 4;

    private final Backend backend;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(PackFormat.MAX_RAW_LENGTH + (64 << 10));
    /** What was read last during a search, so that it need not be read again after each damaged frame. */
    private final ByteBuffer searched = ByteBuffer.allocateDirect(SEARCHED_AT_ONCE + FRAME_HEADER_SIZE);

    private long searchedFrom;

    PackScan(Backend backend) {
        this.backend = backend;
    }

    /** Receives the intact frames in order. The payload is valid during the call. */
    @FunctionalInterface
    interface Visitor {
        void frame(FrameHeader header, ByteBuffer payload) throws IOException;
    }

    /**
     * The result of a scan.
     *
     * @param footer whether the footer could be read; without it the ids of lost chunks are unknown
     * @param soundFrames number of intact frames
     * @param lost chunks whose frames are damaged
     */
    record Result(boolean footer, int soundFrames, List<ChunkId> lost) {
        boolean isSound() {
            return footer && lost.isEmpty();
        }
    }

    /** Scans a pack in its usual place. A footer that does not match the name of the pack counts as lost. */
    Result scan(ChunkId pack, Visitor visitor) throws IOException {
        String object = PackFormat.objectName(pack);
        try {
            return scan(object, PackReader.footer(backend, pack), visitor);
        } catch (CorruptDataException e) {
            return new Result(false, search(object, visitor), List.of());
        }
    }

    /** Scans a pack that is stored under another name, frame by frame. */
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

    /** Returns the payload of the frame at {@code offset}, if it can be read and matches the hash in {@code header}. */
    private Optional<ByteBuffer> payload(String object, long offset, FrameHeader header) throws IOException {
        try {
            backend.read(object, offset, frame.clear().limit(header.frameLength()));
            return Optional.of(PackReader.checkedPayload(frame.flip(), header, object, offset, true));
        } catch (CorruptDataException e) {
            // Damaged bytes, an unreadable sector or the end of the file: only this frame is lost.
            return Optional.empty();
        }
    }

    private int search(String object, Visitor visitor) throws IOException {
        // No writer goes beyond this size. A longer file was not written by Varve, and may be of any length.
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

    /** @param offset offset of the header, or where to continue the search */
    private record Found(long offset, Optional<FrameHeader> header) {}

    /** Searches one piece of the file for a frame header with the right hash. */
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
                    // The magic number occurs by chance.
                }
            }
        }
        return new Found(Math.max(offset + 1, searchedFrom + length - FRAME_HEADER_SIZE + 1), Optional.empty());
    }
}
