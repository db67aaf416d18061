package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;

/**
 * Totals of the backup of one disk, all in bytes.
 *
 * @param changed in blocks whose content differs from the parent snapshot (from nothing, if there is no parent)
 * @param read from the source, the audit sample included
 * @param zero of what changed, in blocks that are zeros now
 * @param added plaintext of blocks that the repository did not have
 * @param stored size of new blocks and map pages in packs
 * @param audited read only to check the change list
 */
public record DiskCounters(long changed, long read, long zero, long added, long stored, long audited) {
    ObjectNode encode() {
        return SealedJson.newObject()
                .put("changedBytes", changed)
                .put("readBytes", read)
                .put("zeroBytes", zero)
                .put("newBytes", added)
                .put("storedBytes", stored)
                .put("auditedBytes", audited);
    }

    static DiskCounters decode(JsonFields json) throws CorruptDataException {
        return new DiskCounters(
                json.number("changedBytes", 0, Long.MAX_VALUE),
                json.number("readBytes", 0, Long.MAX_VALUE),
                json.number("zeroBytes", 0, Long.MAX_VALUE),
                json.number("newBytes", 0, Long.MAX_VALUE),
                json.number("storedBytes", 0, Long.MAX_VALUE),
                json.number("auditedBytes", 0, Long.MAX_VALUE));
    }

    public DiskCounters plus(DiskCounters other) {
        return new DiskCounters(
                changed + other.changed,
                read + other.read,
                zero + other.zero,
                added + other.added,
                stored + other.stored,
                audited + other.audited);
    }

    public static final DiskCounters NONE = new DiskCounters(0, 0, 0, 0, 0, 0);
}
