package io.varve.store.repair;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.PackListing;
import io.varve.store.parity.MendedPack;
import io.varve.store.parity.Parity;
import io.varve.store.parity.ParityWriter;
import io.varve.store.session.WriteSession;
import io.varve.store.trash.CondemnedLists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes parity for packs whose parity is missing or damaged, and deletes parity of packs that are gone. For one
 * thread.
 */
public final class MissingParity {
    private MissingParity() {}

    /** Told how it goes. */
    public interface Listener {
        /** @param packs number of packs without parity */
        void started(int packs);

        void packDone();

        /** Throws an exception to stop the work. What was written stays. */
        void check() throws IOException;
    }

    /**
     * The result.
     *
     * @param written number of packs for which parity was written
     * @param bytes size of that parity
     * @param renewed number of them whose parity was damaged
     * @param removed number of deleted parities of packs that are gone
     * @param damaged damaged packs, for which no parity was written: they must be repaired first
     */
    public record Result(int written, long bytes, int renewed, int removed, List<ChunkId> damaged) {}

    /**
     * @param session an open session, so that no collection runs meanwhile
     * @param percent approximate size of the parity as a percentage of the pack
     * @param check whether to verify existing parity and rewrite what is damaged
     */
    public static Result write(WriteSession session, int percent, boolean check, Listener listener) throws IOException {
        Backend backend = session.repository().backend();
        Set<ChunkId> there = Parity.list(backend);
        int removed = removeOrphans(backend, there);
        Set<ChunkId> missing = new TreeSet<>(new CondemnedLists(backend).usablePacks());
        int renewed = check ? removeDamaged(backend, missing, there, listener) : 0;
        missing.removeAll(there);
        listener.started(missing.size());
        PackScan scan = new PackScan(backend);
        ParityWriter writer = new ParityWriter(backend, percent);
        List<ChunkId> damaged = new ArrayList<>();
        int written = 0;
        long bytes = 0;
        for (ChunkId pack : missing) {
            listener.check();
            // Parity of a damaged pack would preserve the damage.
            if (scan.scan(pack, (header, payload) -> {}).isSound()) {
                bytes += writer.write(pack);
                written++;
            } else {
                damaged.add(pack);
            }
            listener.packDone();
        }
        return new Result(written, bytes, renewed, removed, damaged);
    }

    /** Deletes damaged parity of packs in use, and removes it from {@code there}, so that it is written again. */
    private static int removeDamaged(Backend backend, Set<ChunkId> packs, Set<ChunkId> there, Listener listener)
            throws IOException {
        int removed = 0;
        for (ChunkId pack : packs) {
            listener.check();
            if (there.contains(pack)) {
                try {
                    MendedPack.checkParity(backend, pack);
                } catch (CorruptDataException e) {
                    Parity.delete(backend, pack);
                    there.remove(pack);
                    removed++;
                }
            }
        }
        return removed;
    }

    /** Deletes all parity. @return number of packs that had parity */
    public static int remove(WriteSession session) throws IOException {
        Backend backend = session.repository().backend();
        Set<ChunkId> there = Parity.list(backend);
        for (ChunkId pack : there) {
            Parity.delete(backend, pack);
        }
        return there.size();
    }

    /** Deletes parity of packs that are gone, except packs in quarantine, which may still be rebuilt. */
    private static int removeOrphans(Backend backend, Set<ChunkId> there) throws IOException {
        Set<ChunkId> orphans = new HashSet<>(there);
        orphans.removeAll(PackListing.all(backend));
        int removed = 0;
        for (ChunkId pack : orphans) {
            if (!backend.exists("quarantine/" + pack.hex())) {
                Parity.delete(backend, pack);
                removed++;
            }
        }
        return removed;
    }
}
