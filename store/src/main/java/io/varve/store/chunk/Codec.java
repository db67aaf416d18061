package io.varve.store.chunk;

/** How a frame's payload was made from the plaintext: compressed or not, then sealed or not. */
public enum Codec {
    RAW(0),
    LZ4(1),
    SEALED_RAW(2),
    SEALED_LZ4(3),
    ZSTD(4),
    SEALED_ZSTD(5);

    /** Bytes that sealing adds: salt 16, counter 4, tag 16. */
    public static final int SEAL_LENGTH = 36;

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

    /** Whether the payload is encrypted. */
    public boolean isSealed() {
        return inner() != this;
    }

    /** What is inside the seal; itself for what is not sealed. */
    public Codec inner() {
        return switch (this) {
            case RAW, SEALED_RAW -> RAW;
            case LZ4, SEALED_LZ4 -> LZ4;
            case ZSTD, SEALED_ZSTD -> ZSTD;
        };
    }

    /** This codec in a seal. */
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
