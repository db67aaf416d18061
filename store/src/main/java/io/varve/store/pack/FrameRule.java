package io.varve.store.pack;

import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.CorruptDataException;

/**
 * Which frames belong into a repository: in a plain one nothing is sealed, in an encrypted one everything but map
 * pages. Whoever reads frames, checks or moves them, asks here, so that all take the same for damage.
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
     * @throws CorruptDataException when no reader takes this frame
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
