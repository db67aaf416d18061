package io.varve.adapters.virtdisk;

import java.io.IOException;

/** A call of {@code virtdisk.dll} failed. */
final class VirtdiskException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    VirtdiskException(String file, String what, int code) {
        super(file + ": cannot " + what + ": " + Win32Error.text(code));
        this.code = code;
    }

    /** Whether it says that there is no change list, and nothing against the disk. */
    boolean demotes() {
        return Win32Error.of(code)
                .filter(error -> error.outcome() == Win32Error.Outcome.DEMOTE)
                .isPresent();
    }

    /** Windows' error number. */
    int code() {
        return code;
    }
}
