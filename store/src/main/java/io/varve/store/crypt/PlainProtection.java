package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.pack.FrameRule;

/** A plain repository: ids are SHA-256, nothing is sealed, and there are no MACs. */
public final class PlainProtection implements Protection {
    @Override
    public ChunkHasher newHasher() {
        return new ChunkHasher();
    }

    @Override
    public ChunkSealer newSealer(int maxRawLength) {
        return (kind, id, rawLength, encoded) -> encoded;
    }

    @Override
    public ChunkOpener newOpener() {
        ChunkHasher hasher = new ChunkHasher();
        return (header, payload, target, object, offset) -> {
            FrameRule.PLAIN.check(header, object, offset);
            if (!ChunkCodec.decode(header.codec(), payload, target)) {
                throw Proofs.undecodable(object, offset, "a payload that " + header.codec() + " decodes", "garbage");
            }
            Proofs.id(hasher, header, target, object, offset);
        };
    }

    @Override
    public byte[] encode(String name, ObjectNode document) {
        return SealedJson.encode(document);
    }

    @Override
    public void check(String name, JsonFields document) throws CorruptDataException {
        if (!document.isAbsent("mac")) {
            throw document.wrong("mac", "null, since this repository is not encrypted,");
        }
    }
}
