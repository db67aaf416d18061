package io.varve.adapters.file;

import java.io.IOException;

/**
 * A disk image that is, or may be, in order but that this program does not read: another format, or a feature of a
 * known one. It is refused rather than misread. The message names the file, the feature, and what the operator can do.
 */
public final class UnsupportedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnsupportedImageException(String message) {
        super(message);
    }
}
