package io.varve.store.chunk;

/** What a chunk holds. Only a hint for people and for checks: content is identified by the id alone. */
public enum ChunkKind {
    BLOCK(1),
    MAP_PAGE(2),
    FILE_PIECE(3);

    private final int code;

    ChunkKind(int code) {
        this.code = code;
    }

    /** The byte that stands for this kind in a frame. */
    public int code() {
        return code;
    }

    /** Returns the kind with this code, or null if there is none. */
    public static ChunkKind ofCode(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : null;
    }
}
