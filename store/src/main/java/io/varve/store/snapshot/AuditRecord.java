package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.Optional;

/**
 * How far comparing a disk's unchanged blocks with its source has come, for the next night to go on from. The blocks
 * are dealt to slices; once all slices have been taken, a round is complete. Times are those of snapshots
 * ({@code startedAt}), which they stand for.
 *
 * @param seed decides with {@code slices} which block is in which slice
 * @param slices of a round
 * @param done slices that the running round has behind it, this snapshot's included
 * @param taken slices that were compared for this snapshot
 * @param roundBegan the snapshot that took the first slice of the running round
 * @param comparedSince a snapshot whose content of this disk is proven: every block was read or compared for it or
 *     since; empty when none is
 * @param doubtedSince if the change list was caught leaving something out this night, what {@code comparedSince} was
 *     then: later snapshots may have old content where they should have new
 * @param tenfold whether ten times as much is compared as usual, until a round is complete
 */
public record AuditRecord(
        long seed,
        int slices,
        int done,
        int taken,
        Instant roundBegan,
        Optional<Instant> comparedSince,
        Optional<Instant> doubtedSince,
        boolean tenfold) {
    /** Most slices of a round. */
    public static final int MOST_SLICES = 1 << 20;

    ObjectNode encode() {
        ObjectNode json = SealedJson.newObject()
                .put("seed", seed)
                .put("slices", slices)
                .put("done", done)
                .put("taken", taken)
                .put("roundBegan", roundBegan.toString())
                .put("tenfold", tenfold);
        comparedSince.ifPresent(time -> json.put("comparedSince", time.toString()));
        doubtedSince.ifPresent(time -> json.put("doubtedSince", time.toString()));
        return json;
    }

    static AuditRecord decode(JsonFields json) throws CorruptDataException {
        int slices = (int) json.number("slices", 1, MOST_SLICES);
        return new AuditRecord(
                json.number("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                slices,
                (int) json.number("done", 0, slices - 1),
                (int) json.number("taken", 0, slices),
                json.time("roundBegan"),
                time(json, "comparedSince"),
                time(json, "doubtedSince"),
                json.flag("tenfold"));
    }

    private static Optional<Instant> time(JsonFields json, String name) throws CorruptDataException {
        return json.isAbsent(name) ? Optional.empty() : Optional.of(json.time(name));
    }
}
