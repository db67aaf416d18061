package io.varve.store.snapshot;

import io.varve.store.fault.CorruptDataException;
import java.util.UUID;

/** An intact manifest of another repository; or this repository has another repository's {@code repository.json}. */
public final class ForeignManifestException extends CorruptDataException {
    private static final long serialVersionUID = 1L;

    ForeignManifestException(String file, UUID expected, UUID found) {
        super(
                file,
                -1,
                "a snapshot of this repository (" + expected + ")",
                "one of " + found + "; move the file there, or restore this repository's own repository.json");
    }
}
