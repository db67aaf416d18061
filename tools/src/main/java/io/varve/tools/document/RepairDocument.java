package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("What was repaired, or can be.")
public record RepairDocument(
        @Says("Whether the repair was carried out, with --apply")
        boolean applied,

        @Says("Intact chunks that were copied out of damaged packs")
        long savedChunkCount,

        @Says("Packs that were rebuilt from parity") int rebuiltPackCount,
        @Says("The damaged packs") List<DamagedPackEntry> damagedPacks,

        @Says("Chunks that snapshots need and that have no intact copy here; absent without --from")
        Optional<Long> lostChunkCount,

        @Says("Those of them that were, or can be, taken from the second repository; absent without --from")
        Optional<Long> takenChunkCount,

        @Says("What a check found afterwards; absent without --apply")
        Optional<FsckDocument> remaining) {
    public RepairDocument withRemaining(FsckDocument check) {
        return new RepairDocument(
                applied,
                savedChunkCount,
                rebuiltPackCount,
                damagedPacks,
                lostChunkCount,
                takenChunkCount,
                Optional.of(check));
    }
}
