package io.varve.store.chunk;

/** How a frame's payload is encoded: how it is compressed, if at all, and whether it is then sealed (encrypted). */
public enum Codec {
    RAW(0),
    LZ4(1),
    SEALED_RAW(2),
    SEALED_LZ4(3),
    ZSTD(4),
    SEALED_ZSTD(5);

    /** Bytes that sealing adds to a payload: salt 16, counter 4, tag 16. */
    public static final int SEAL_LENGTH = 36;

    private final int code;

    Codec(int code) {
        this.code = code;
    }

    /** The byte that stands for this codec in a frame. */
    public int code() {
        return code;
    }

    /** Returns the codec with this code, or null if this version does not know it. */
    public static Codec ofCode(int code) {
        return code >= 0 && code < values().length ? values()[code] : null;
    }

    /** Whether the payload is encrypted. */
    public boolean isSealed() {
        return inner() != this;
    }

    /** Returns the codec of the content inside the seal; this codec if it is not a sealed one. */
    public Codec inner() {
        return switch (this) {
            case RAW, SEALED_RAW -> RAW;
            case LZ4, SEALED_LZ4 -> LZ4;
            case ZSTD, SEALED_ZSTD -> ZSTD;
        };
    }

    /** Returns the sealed form of this codec. */
    public Codec sealed() {
        return switch (this) {
            case RAW, SEALED_RAW -> SEALED_RAW;
            case LZ4, SEALED_LZ4 -> SEALED_LZ4;
            case ZSTD, SEALED_ZSTD -> SEALED_ZSTD;
        };
    }

    /** Whether a payload of {@code storedLength} bytes can come from {@code rawLength} bytes of plaintext. */
    public boolean fits(int rawLength, int storedLength) {
        int length = isSealed() ? storedLength - SEAL_LENGTH : storedLength;
        return inner() == RAW ? length == rawLength : length > 0 && length < rawLength;
    }
}
