package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.check.ReadRate;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Restores a disk, or a random part of it, without writing it anywhere. It is read as in every restore, which verifies
 * each block by its id, and compared with the live disk if there is one.
 */
final class RestoreProof {
    private static final int PIECE = 16 << 20;

    /** Attempts per wanted piece: on a nearly empty disk most random pieces are empty. */
    private static final int DRAWS = 64;

    private final SnapshotImage image;
    private final Optional<DiskImage> live;
    private final ReadRate rate;
    private final Cancellation cancellation;
    private final ByteBuffer stored = ByteBuffer.allocateDirect(1 << 20);
    private final ByteBuffer source = ByteBuffer.allocateDirect(1 << 20);
    private long read;
    private long differing;
    private long firstDifference = -1;

    private RestoreProof(SnapshotImage image, Optional<DiskImage> live, ReadRate rate, Cancellation cancellation) {
        this.image = image;
        this.live = live;
        this.rate = rate;
        this.cancellation = cancellation;
    }

    /**
     * @param read bytes restored
     * @param differing bytes in pieces of 1 MiB that differ from the live disk; 0 if there is none
     * @param firstDifference offset of the first such piece; -1 if there is none
     */
    record Result(long read, boolean compared, long differing, long firstDifference) {}

    /**
     * @param size most bytes to restore; empty for the whole disk
     * @param live the live disk, which has the same size; the caller keeps ownership
     * @param seed decides which part is restored
     */
    static Result run(
            ReadSession session,
            DiskRecord disk,
            Optional<Long> size,
            Optional<DiskImage> live,
            ReadRate rate,
            long seed,
            Cancellation cancellation)
            throws IOException {
        try (SnapshotImage image = new SnapshotImage(session, disk, "disk " + disk.name())) {
            RestoreProof proof = new RestoreProof(image, live, rate, cancellation);
            long pieces = (disk.size() + PIECE - 1) / PIECE;
            if (size.isEmpty() || size.get() >= disk.size()) {
                for (long piece = 0; piece < pieces; piece++) {
                    proof.restore(piece);
                }
            } else {
                proof.sample(pieces, size.get(), new Random(seed));
            }
            return new Result(proof.read, live.isPresent(), proof.differing, proof.firstDifference);
        }
    }

    private void sample(long pieces, long size, Random random) throws IOException {
        Set<Long> drawn = new HashSet<>();
        long draws = DRAWS * (1 + size / PIECE);
        for (long i = 0; i < draws && read < size && drawn.size() < pieces; i++) {
            long piece = random.nextLong(pieces);
            if (drawn.add(piece)) {
                restore(piece);
            }
        }
    }

    /** Skips a piece that is all zeros in the snapshot: there is nothing to prove, and most of a disk may be empty. */
    private void restore(long piece) throws IOException {
        long offset = piece * PIECE;
        Range window = Range.between(offset, Math.min(offset + PIECE, image.size()));
        if (image.allocated(window).isEmpty()) {
            return;
        }
        for (long position = offset; position < window.endOffset(); position += stored.capacity()) {
            cancellation.check();
            int length = (int) Math.min(stored.capacity(), window.endOffset() - position);
            rate.take(length);
            stored.clear().limit(length);
            image.read(position, stored);
            read += length;
            if (live.isPresent()) {
                source.clear().limit(length);
                live.get().read(position, source);
                if (!stored.flip().equals(source.flip())) {
                    differing += length;
                    firstDifference = firstDifference < 0 ? position : firstDifference;
                }
            }
        }
    }
}
