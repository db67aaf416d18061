package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.parity.MendedPack;
import io.varve.store.parity.Parity;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Checks the parity of packs: that it exists and, when data is read, that it is intact. One thread. */
final class ParityCheck {
    private final Repository repository;
    private final Consumer<Finding> findings;

    ParityCheck(Repository repository, Consumer<Finding> findings) {
        this.repository = repository;
        this.findings = findings;
    }

    /** @param packs the packs that are not condemned */
    void check(Set<ChunkId> packs, FsckOptions.Level level) throws IOException {
        Set<ChunkId> there = Parity.list(repository.backend());
        Set<ChunkId> without = new HashSet<>(packs);
        without.removeAll(there);
        if (repository.config().parityPercent() > 0 && !without.isEmpty()) {
            findings.accept(new Finding(
                    Finding.Severity.INFO,
                    "parity-missing",
                    Parity.DIRECTORY,
                    -1,
                    Count.of(without.size(), "pack has no parity", "packs have no parity")
                            + "; 'varve parity' writes it"));
        }
        if (level == FsckOptions.Level.STRUCTURE) {
            return;
        }
        there.retainAll(packs);
        for (ChunkId pack : new TreeSet<>(there)) {
            try {
                MendedPack.checkParity(repository.backend(), pack);
            } catch (CorruptDataException e) {
                findings.accept(Finding.warning("parity-damaged", e));
            } catch (NoSuchFileException e) {
                // Collected in the meantime.
            }
        }
    }
}
