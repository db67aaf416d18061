package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.Optional;

/**
 * Progress of the audit, which compares a disk's unchanged blocks with its source; the next night continues from it.
 * The blocks are distributed over slices; a round is complete when all slices were compared. Times are
 * {@code startedAt} of snapshots and stand for these snapshots.
 *
 * @param seed decides with {@code slices} which block is in which slice
 * @param slices of a round
 * @param done slices done in the current round, including this snapshot's
 * @param taken slices that were compared for this snapshot
 * @param roundBegan the snapshot that took the first slice of the current round
 * @param comparedSince a snapshot; every block of this disk was read or compared for it or for a later one. Empty when
 *     there is none
 * @param doubtedSince set if the audit found an omission in the change list this night, to the value of
 *     {@code comparedSince} before that: later snapshots may have old content in some places
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
