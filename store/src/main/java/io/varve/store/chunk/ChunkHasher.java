package io.varve.store.chunk;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Computes chunk ids. Not thread-safe: every worker has its own. */
public final class ChunkHasher {
    private final MessageDigest sha256 = newSha256();

    /** The id of {@code plaintext} from position to limit, whose position does not move. Does not look for zeros. */
    public ChunkId id(ByteBuffer plaintext) {
        sha256.update(plaintext.duplicate());
        return ChunkId.read(sha256.digest(), 0);
    }

    public ChunkId id(byte[] plaintext) {
        return ChunkId.read(sha256.digest(plaintext), 0);
    }

    /** A fresh SHA-256, which every Java platform has. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
