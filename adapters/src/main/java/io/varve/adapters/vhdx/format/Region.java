package io.varve.adapters.vhdx.format;

import java.util.UUID;

/**
 * An entry of the region table (MS-VHDX 2.2.3.2) whose place is aligned, inside the file and behind the first MiB.
 *
 * @param id what kind of region it is
 * @param offset bytes from the beginning of the file
 * @param length bytes
 * @param required whether who does not know {@code id} must not open the file
 * @param entryOffset where in the file the entry lies, for messages
 */
public record Region(UUID id, long offset, long length, boolean required, long entryOffset) {
    public long endOffset() {
        return offset + length;
    }

    public boolean overlaps(long otherOffset, long otherEndOffset) {
        return offset < otherEndOffset && otherOffset < endOffset();
    }

    /** The region's name in messages. */
    public String name() {
        if (id.equals(VhdxFormat.BAT_REGION)) {
            return "BAT";
        }
        return id.equals(VhdxFormat.METADATA_REGION) ? "metadata" : "unknown region " + id;
    }
}
