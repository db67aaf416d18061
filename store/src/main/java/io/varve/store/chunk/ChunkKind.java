package io.varve.store.chunk;

/** What a chunk holds. A hint for people and checkers: the id alone says which content it is. */
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

    /** The kind of {@code code}, or null when there is none. */
    public static ChunkKind ofCode(int code) {
        return code >= 1 && code <= values().length ? values()[code - 1] : null;
    }
}
