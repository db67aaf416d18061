package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.DamagedIndexException;
import io.varve.store.index.Place;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

/** Compares the index with the packs. What is wrong with it is a warning: it is a cache. */
final class IndexCheck {
    private static final String FILE = "index";

    private final Repository repository;
    private final ChunkTable table;
    private final Consumer<Finding> findings;
    private long wrong;

    IndexCheck(Repository repository, ChunkTable table, Consumer<Finding> findings) {
        this.repository = repository;
        this.table = table;
        this.findings = findings;
    }

    /** @param packs those the table was made from; newer ones are a running backup's */
    void check(Set<ChunkId> packs) throws IOException {
        if (!ChunkIndex.exists(repository.indexDirectory())) {
            findings.accept(new Finding(
                    Finding.Severity.INFO,
                    "index-absent",
                    FILE,
                    -1,
                    "no index; the next backup makes it from the packs"));
            return;
        }
        try (ChunkIndex index = ChunkIndex.openForReading(
                repository.indexDirectory(), repository.config().repositoryId())) {
            index.forEach((id, place) -> compare(id, place, packs));
            long vanished =
                    index.packs().stream().filter(pack -> !packs.contains(pack)).count();
            if (wrong > 0) {
                warn("index-wrong", wrong + " entries lead to no such frame; run 'varve rebuild-index'");
            } else if (vanished > 0) {
                findings.accept(new Finding(
                        Finding.Severity.INFO,
                        "index-ahead",
                        FILE,
                        -1,
                        "knows " + vanished + " packs that are newer or gone"));
            }
        } catch (DamagedIndexException e) {
            warn("index-damaged", e.getMessage());
        }
    }

    /** A chunk may be in two packs; the index is right if it names either, so only the pack is looked at then. */
    private void compare(ChunkId id, Place place, Set<ChunkId> packs) {
        if (place == null || !packs.contains(place.packId())) {
            return;
        }
        Place sound = table.find(id);
        if (sound != null && sound.packId().equals(place.packId()) && !sound.equals(place)) {
            wrong++;
        }
    }

    private void warn(String code, String message) {
        findings.accept(new Finding(Finding.Severity.WARNING, code, FILE, -1, message));
    }
}
