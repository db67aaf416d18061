package io.varve.store.pack;

import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.CorruptDataException;

/**
 * Which frames a repository may contain: a plain one has no sealed frames, and in an encrypted one everything but map
 * pages is sealed. All code that reads, checks or moves frames uses this rule, so all agree on what is damage.
 */
public enum FrameRule {
    PLAIN,
    ENCRYPTED;

    public static FrameRule of(boolean encrypted) {
        return encrypted ? ENCRYPTED : PLAIN;
    }

    /**
     * @param object name of the pack, for messages
     * @param offset of the frame in the pack
     * @throws CorruptDataException if this frame does not belong in the repository
     */
    public void check(FrameHeader header, String object, long offset) throws CorruptDataException {
        boolean sealed = this == ENCRYPTED && header.kind() != ChunkKind.MAP_PAGE;
        if (header.codec().isSealed() != sealed) {
            throw new CorruptDataException(
                    object,
                    offset,
                    sealed
                            ? "an encrypted chunk, as this repository has"
                            : this == PLAIN ? "a chunk that is not encrypted" : "a map page in the clear",
                    "codec " + header.codec());
        }
    }
}
