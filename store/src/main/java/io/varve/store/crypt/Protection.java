package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;

/**
 * How a repository's chunks are named and sealed, and how its documents are authenticated. There are three:
 * {@link PlainProtection}, {@link RepositoryKeys} for an encrypted repository, and {@link LockedProtection} for one
 * that was opened without its key. Thread-safe; the objects that it returns are not.
 */
public interface Protection {
    /** Returns a new hasher for chunk ids. */
    ChunkHasher newHasher() throws LockedRepositoryException;

    /** @param maxRawLength length in bytes of the largest chunk to seal */
    ChunkSealer newSealer(int maxRawLength) throws LockedRepositoryException;

    /**
     * Returns a new opener. Without the key it opens map pages only, and verifies them by the hash of their stored
     * bytes.
     */
    ChunkOpener newOpener();

    /**
     * Whether documents get a MAC, which proves that their writer had the key: true if the repository is encrypted and
     * unlocked.
     */
    default boolean authenticates() {
        return false;
    }

    /**
     * Encodes a manifest or the configuration as a file, with a digest and, in an encrypted repository, a MAC.
     *
     * @param name of the object; the MAC covers it, so a document that was renamed is detected
     */
    byte[] encode(String name, ObjectNode document) throws LockedRepositoryException;

    /**
     * Checks the MAC of a document whose digest is right. Without the key, checks only that there is a MAC.
     *
     * @param name that the document was published under
     * @throws ForgedDocumentException if it was written without the key, or under another name
     */
    void check(String name, JsonFields document) throws CorruptDataException;
}
