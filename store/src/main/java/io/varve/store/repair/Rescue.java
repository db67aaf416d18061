package io.varve.store.repair;

import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSet;
import io.varve.store.pack.PackFormat;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ChunkReader.Wanted;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds chunks that snapshots need and the repository has lost, and takes them from a second repository that names
 * chunks alike. Each is verified by its id first. Walks every distinct map page once; a lost page is read from the
 * second repository. For one thread. Heap: 24 to 48 bytes per page, and 150 per lost chunk.
 */
public final class Rescue {
    private final WriteSession session;
    private final ChunkReader reader;
    private final Absence absence;
    private final boolean apply;
    private final PageSet visited = new PageSet();
    private final Map<ChunkId, Boolean> found = new HashMap<>();
    private final ByteBuffer plaintext = ByteBuffer.allocateDirect(PackFormat.MAX_RAW_LENGTH);

    /** Decides which chunks are lost. */
    @FunctionalInterface
    public interface Absence {
        boolean isLost(ChunkId id) throws IOException;
    }

    /**
     * The result.
     *
     * @param lost number of lost chunks that snapshots need; chunks below a lost map page are not known and not counted
     * @param taken number of them that the second repository has intact
     */
    public record Result(long lost, long taken) {}

    private Rescue(WriteSession session, ReadSession second, Absence absence, boolean apply) {
        this.session = session;
        this.reader = second.newChunkReader();
        this.absence = absence;
        this.apply = apply;
    }

    /**
     * @param session open, used for nothing else meanwhile
     * @param second the second repository; unlocked if it is encrypted
     * @param absence decides which chunks are lost
     * @param apply whether to store the chunks; otherwise nothing is changed
     * @throws IOException if the two repositories name chunks differently
     */
    public static Result run(WriteSession session, ReadSession second, Absence absence, boolean apply)
            throws IOException {
        if (!session.repository().namesAlike(second.repository())) {
            throw new IOException(second.repository().location()
                    + " has other keys: its chunks have other ids and cannot replace lost ones");
        }
        Rescue rescue = new Rescue(session, second, absence, apply);
        for (Snapshot snapshot : session.repository().snapshots().list().snapshots()) {
            for (DiskRecord disk : snapshot.manifest().disks()) {
                rescue.page(
                        disk.mapRoot(),
                        MapShape.of(disk.size(), disk.blockSize()).rootLevel());
            }
            for (FileRecord file : snapshot.manifest().files()) {
                for (ChunkId piece : file.pieces()) {
                    rescue.chunk(piece);
                }
            }
        }
        if (apply) {
            session.finishPacks();
        }
        long taken = rescue.found.values().stream().filter(yes -> yes).count();
        return new Result(rescue.found.size(), taken);
    }

    private void page(ChunkId id, int level) throws IOException {
        if (id.isZero() || !visited.add(id)) {
            return;
        }
        MapPage page;
        try {
            if (!absence.isLost(id)) {
                page = session.pages().page(id, level);
            } else if (take(id)) {
                plaintext.rewind();
                page = MapPage.decode(plaintext, "map page " + id.hex(), level);
            } else {
                return;
            }
        } catch (CorruptDataException e) {
            return; // not a page of the level that its parent expects, so the chunks below it are unknown
        }
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            if (level == 0) {
                chunk(page.id(entry));
            } else {
                page(page.id(entry), level - 1);
            }
        }
    }

    private void chunk(ChunkId id) throws IOException {
        if (!id.isZero() && !found.containsKey(id) && absence.isLost(id)) {
            take(id);
        }
    }

    /** Takes a lost chunk if the second repository has it intact. Its content is in {@code plaintext} then. */
    private boolean take(ChunkId id) throws IOException {
        boolean[] proven = new boolean[1];
        try {
            int length = reader.rawLength(id);
            reader.readAll(
                    List.of(new Wanted(id, plaintext.clear().limit(length), 0)),
                    (wanted, header, payload) -> {
                        proven[0] = true;
                        if (apply) {
                            session.copy(header, payload);
                        }
                    },
                    (wanted, why) -> {});
        } catch (CorruptDataException e) {
            // Missing or damaged in the second repository too.
        }
        found.put(id, proven[0]);
        return proven[0];
    }
}
