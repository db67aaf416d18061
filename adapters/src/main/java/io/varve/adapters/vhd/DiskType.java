package io.varve.adapters.vhd;

import java.util.Optional;

/** The kind of disk that a footer belongs to. Other type numbers are not written by any program. */
enum DiskType {
    FIXED(2, "vhd-fixed"),
    DYNAMIC(3, "vhd-dynamic"),
    DIFFERENCING(4, "vhd-differencing");

    private final int code;
    private final String format;

    DiskType(int code, String format) {
        this.code = code;
        this.format = format;
    }

    int code() {
        return code;
    }

    /** Short name for {@link io.varve.engine.port.DiskImage#format}. */
    String format() {
        return format;
    }

    static Optional<DiskType> of(int code) {
        for (DiskType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
