package io.varve.store.crypt;

import io.varve.store.fault.CorruptDataException;

/**
 * A file whose own digest is right and whose MAC is not: whoever wrote it, under this name, did not have the
 * repository's key.
 */
public final class ForgedDocumentException extends CorruptDataException {
    private static final long serialVersionUID = 1L;

    ForgedDocumentException(String file, String found) {
        super(file, -1, "a MAC by this repository's key", found);
    }
}
