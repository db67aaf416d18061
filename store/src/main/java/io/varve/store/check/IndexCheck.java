package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.index.ChunkIndex;
import io.varve.store.index.DamagedIndexException;
import io.varve.store.index.Place;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Compares the index with the packs, in one sweep and in memory that does not grow with the chunks: for each pack, the
 * sum of a mix of all entries that name it must be the sum over its frames. If the sums differ, because a chunk is in
 * two packs or the index is incomplete or wrong, the pack is compared frame by frame. Errors in the index are warnings,
 * since it is a cache.
 */
final class IndexCheck {
    private static final String FILE = "index";

    private final Repository repository;
    private final Consumer<Finding> findings;

    IndexCheck(Repository repository, Consumer<Finding> findings) {
        this.repository = repository;
        this.findings = findings;
    }

    /** The value that a frame, or an index entry, adds to the sum of its pack. */
    static long sum(ChunkId id, long offset, int storedLength) {
        return ChunkTable.mix(id.firstWord()
                ^ ChunkTable.mix(id.secondWord() ^ ChunkTable.mix(offset << Integer.SIZE | storedLength)));
    }

    /** @param packs the checked packs; newer ones belong to a running backup */
    void check(Map<ChunkId, CheckedPack> packs) throws IOException {
        if (!ChunkIndex.exists(repository.home().index())) {
            info("index-absent", "no index; the next backup rebuilds it from the packs");
            return;
        }
        try (ChunkIndex index = ChunkIndex.openForReading(
                repository.home().index(), repository.config().repositoryId())) {
            index.forEach((id, place) -> {
                CheckedPack pack = place == null ? null : packs.get(place.packId());
                if (pack != null) {
                    pack.indexSum += sum(id, place.offset(), place.storedLength());
                }
            });
            long wrong = 0;
            for (CheckedPack pack : packs.values()) {
                if (pack.hasFooter && pack.indexSum != pack.frameSum && pack.indexSum != 0 && isWrong(index, pack)) {
                    wrong++;
                }
            }
            long vanished = index.packs().stream()
                    .filter(pack -> !packs.containsKey(pack))
                    .count();
            if (wrong > 0) {
                warn(
                        "index-wrong",
                        "points to missing frames in " + Count.of(wrong, "pack") + "; run 'varve rebuild-index'");
            } else if (vanished > 0) {
                info(
                        "index-ahead",
                        "knows "
                                + Count.of(
                                        vanished, "pack that is newer or missing", "packs that are newer or missing"));
            }
        } catch (DamagedIndexException e) {
            warn("index-damaged", e.getMessage());
        }
    }

    /** Whether the index names a frame that this pack does not have. */
    private boolean isWrong(ChunkIndex index, CheckedPack pack) throws IOException {
        PackFooter footer;
        try {
            footer = PackReader.footer(repository.backend(), pack.id);
        } catch (CorruptDataException e) {
            return false;
        }
        long sum = 0;
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            ChunkId id = footer.id(frame);
            Place place = index.find(id);
            if (place != null && place.equals(new Place(pack.id, footer.offset(frame), footer.storedLength(frame)))) {
                sum += sum(id, place.offset(), place.storedLength());
            }
        }
        return sum != pack.indexSum;
    }

    private void info(String code, String message) {
        findings.accept(new Finding(Finding.Severity.INFO, code, FILE, -1, message));
    }

    private void warn(String code, String message) {
        findings.accept(new Finding(Finding.Severity.WARNING, code, FILE, -1, message));
    }
}
