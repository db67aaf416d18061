package io.varve.store.chunk;

/** How a frame's payload was made from the plaintext. */
public enum Codec {
    RAW(0),
    LZ4(1);

    private final int code;

    Codec(int code) {
        this.code = code;
    }

    /** The byte that stands for this codec in a frame. */
    public int code() {
        return code;
    }

    /** The codec of {@code code}, or null when this version does not know it. */
    public static Codec ofCode(int code) {
        return code >= 0 && code < values().length ? values()[code] : null;
    }
}
