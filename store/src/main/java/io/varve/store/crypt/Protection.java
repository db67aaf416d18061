package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;

/**
 * How a repository's chunks are named and sealed, and its documents authenticated. There are three:
 * {@link PlainProtection}, {@link RepositoryKeys} for an encrypted repository, and {@link LockedProtection} for one
 * whose key is not there. Thread-safe; what it hands out is not.
 */
public interface Protection {
    /** For the ids of chunks. */
    ChunkHasher newHasher() throws LockedRepositoryException;

    /** @param maxRawLength bytes of the largest chunk it will seal */
    ChunkSealer newSealer(int maxRawLength) throws LockedRepositoryException;

    /** Without the key, one that opens map pages only, and proves them by the hash of their stored bytes. */
    ChunkOpener newOpener();

    /** Whether documents get a MAC that proves who wrote them: where a key is, and is there. */
    default boolean authenticates() {
        return false;
    }

    /**
     * The file of a manifest or the configuration, sealed and, in an encrypted repository, with its MAC.
     *
     * @param name of the object, which the MAC covers too: a document under another's name shows
     */
    byte[] encode(String name, ObjectNode document) throws LockedRepositoryException;

    /**
     * Checks the MAC of a document that has proven its digest. Without the key only that there is one.
     *
     * @param name under which it was published
     * @throws ForgedDocumentException when it was made without the key, or for another name
     */
    void check(String name, JsonFields document) throws CorruptDataException;
}
