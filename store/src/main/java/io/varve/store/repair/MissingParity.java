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

/** Writes parity for packs that have none or damaged one, and removes that of packs that are gone. For one thread. */
public final class MissingParity {
    private MissingParity() {}

    /** Told how it goes. */
    public interface Listener {
        /** @param packs that have no parity */
        void started(int packs);

        void packDone();

        /** To be thrown when it shall end; what was written stays. */
        void check() throws IOException;
    }

    /**
     * What was done.
     *
     * @param written packs that got parity
     * @param bytes that it takes
     * @param renewed how many of them had damaged parity
     * @param removed parity of packs that are gone
     * @param damaged packs that got none, since they are damaged: repair comes first
     */
    public record Result(int written, long bytes, int renewed, int removed, List<ChunkId> damaged) {}

    /**
     * @param session open, so that nobody collects meanwhile
     * @param percent of a pack's length that its parity takes, about
     * @param check whether to read the parity that is there, and rewrite what is damaged
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
            // Parity of a damaged pack would keep the damage.
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

    /** Takes damaged parity of packs that count away, also out of {@code there}: rewritten, it is whole again. */
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

    /** Removes all parity. @return how many packs lose theirs */
    public static int remove(WriteSession session) throws IOException {
        Backend backend = session.repository().backend();
        Set<ChunkId> there = Parity.list(backend);
        for (ChunkId pack : there) {
            Parity.delete(backend, pack);
        }
        return there.size();
    }

    /** A pack in quarantine may still be rebuilt. */
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
