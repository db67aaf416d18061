package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.pack.FrameRule;

/**
 * An encrypted repository without its key. Map pages can be read, so all work that only follows references is possible.
 * Pages are then verified by their hash only, which detects damage but not forgery.
 */
public final class LockedProtection implements Protection {
    @Override
    public ChunkHasher newHasher() throws LockedRepositoryException {
        throw LockedRepositoryException.noKey("storing or comparing data");
    }

    @Override
    public ChunkSealer newSealer(int maxRawLength) throws LockedRepositoryException {
        throw LockedRepositoryException.noKey("storing data");
    }

    @Override
    public ChunkOpener newOpener() {
        return (header, payload, target, object, offset) -> {
            FrameRule.ENCRYPTED.check(header, object, offset);
            if (header.kind() != ChunkKind.MAP_PAGE) {
                throw LockedRepositoryException.noKey("reading data");
            }
            if (XxHash.hash64(payload) != header.payloadHash()) {
                throw Proofs.undecodable(object, offset, "a payload with the hash in its frame", "another hash");
            }
            if (!ChunkCodec.decode(header.codec(), payload, target)) {
                throw Proofs.undecodable(object, offset, "a payload that " + header.codec() + " decodes", "garbage");
            }
        };
    }

    @Override
    public byte[] encode(String name, ObjectNode document) throws LockedRepositoryException {
        throw LockedRepositoryException.noKey("writing a snapshot");
    }

    @Override
    public void check(String name, JsonFields document) throws CorruptDataException {
        document.id("mac");
    }
}
