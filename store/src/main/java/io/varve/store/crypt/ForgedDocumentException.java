package io.varve.store.crypt;

import io.varve.store.fault.CorruptDataException;

/**
 * A document whose digest is right and whose MAC is wrong: it was written without the repository's key, or under
 * another name.
 */
public final class ForgedDocumentException extends CorruptDataException {
    private static final long serialVersionUID = 1L;

    ForgedDocumentException(String file, String found) {
        super(file, -1, "a MAC by this repository's key", found);
    }
}
