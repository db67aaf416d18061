package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.util.Optional;
import java.util.UUID;

/**
 * One disk of a snapshot.
 *
 * @param number position within the snapshot, from 1
 * @param name within the machine, unique there
 * @param named whether the operator or the hypervisor gave the name, so it identifies the disk across nights
 * @param guid the disk's own identity, where its format has one
 * @param gptGuid GUID of the partition table on the disk, if it adds to {@code guid}; empty in manifests of older
 *     builds
 * @param source where it was read from, for people
 * @param size bytes of the virtual disk
 * @param blockSize bytes; that of the repository
 * @param mapRoot id of the block map's root page
 * @param changeToken what the source needs to answer "what changed since", verbatim
 * @param mode {@code full}, {@code incremental} or {@code demoted}
 * @param reasonCode why this mode: short and stable
 * @param reason the same for people
 * @param audit progress of the audit; empty if no change list was ever used, and in manifests of older builds
 */
public record DiskRecord(
        int number,
        String name,
        boolean named,
        Optional<UUID> guid,
        Optional<UUID> gptGuid,
        String source,
        String format,
        long size,
        int logicalSectorSize,
        int physicalSectorSize,
        int blockSize,
        ChunkId mapRoot,
        Optional<String> changeToken,
        String mode,
        String reasonCode,
        String reason,
        DiskCounters counters,
        Optional<AuditRecord> audit) {

    /** A disk that was not audited and whose partition table was not read. */
    public DiskRecord(
            int number,
            String name,
            boolean named,
            Optional<UUID> guid,
            String source,
            String format,
            long size,
            int logicalSectorSize,
            int physicalSectorSize,
            int blockSize,
            ChunkId mapRoot,
            Optional<String> changeToken,
            String mode,
            String reasonCode,
            String reason,
            DiskCounters counters) {
        this(
                number,
                name,
                named,
                guid,
                Optional.empty(),
                source,
                format,
                size,
                logicalSectorSize,
                physicalSectorSize,
                blockSize,
                mapRoot,
                changeToken,
                mode,
                reasonCode,
                reason,
                counters,
                Optional.empty());
    }

    /** The same disk with the map root that another repository gives it. */
    public DiskRecord withRoot(ChunkId root) {
        return with(root, changeToken);
    }

    /** The same disk with another token of its source. */
    public DiskRecord withToken(Optional<String> token) {
        return with(mapRoot, token);
    }

    private DiskRecord with(ChunkId root, Optional<String> token) {
        return new DiskRecord(
                number,
                name,
                named,
                guid,
                gptGuid,
                source,
                format,
                size,
                logicalSectorSize,
                physicalSectorSize,
                blockSize,
                root,
                token,
                mode,
                reasonCode,
                reason,
                counters,
                audit);
    }

    ObjectNode encode() {
        ObjectNode json = SealedJson.newObject()
                .put("number", number)
                .put("name", name)
                .put("named", named)
                .put("guid", guid.map(UUID::toString).orElse(null))
                .put("source", source)
                .put("format", format)
                .put("size", size)
                .put("logicalSectorSize", logicalSectorSize)
                .put("physicalSectorSize", physicalSectorSize)
                .put("blockSize", blockSize)
                .put("mapRoot", mapRoot.hex())
                .put("changeToken", changeToken.orElse(null))
                .put("mode", mode)
                .put("reasonCode", reasonCode)
                .put("reason", reason);
        json.set("counters", counters.encode());
        gptGuid.ifPresent(guid -> json.put("gptGuid", guid.toString()));
        audit.ifPresent(record -> json.set("audit", record.encode()));
        return json;
    }

    /** Every repository has such a block size, and divisions by it rely on that. */
    private static int blockSize(JsonFields json) throws CorruptDataException {
        long blockSize = json.number("blockSize", 4 << 10, 4 << 20);
        if (Long.bitCount(blockSize) != 1) {
            throw json.wrong("blockSize", "a power of two");
        }
        return (int) blockSize;
    }

    static DiskRecord decode(JsonFields json, int number) throws CorruptDataException {
        Optional<JsonFields> audit = json.optionalObject("audit");
        return new DiskRecord(
                (int) json.number("number", number, number),
                json.text("name"),
                json.flag("named"),
                json.optionalUuid("guid"),
                json.optionalUuid("gptGuid"),
                json.text("source"),
                json.text("format"),
                json.number("size", 0, Long.MAX_VALUE / 2),
                (int) json.number("logicalSectorSize", 1, 1 << 20),
                (int) json.number("physicalSectorSize", 1, 1 << 20),
                blockSize(json),
                json.id("mapRoot"),
                json.optionalText("changeToken"),
                json.text("mode"),
                json.text("reasonCode"),
                json.text("reason"),
                DiskCounters.decode(json.object("counters")),
                audit.isEmpty() ? Optional.empty() : Optional.of(AuditRecord.decode(audit.get())));
    }
}
