package io.varve.store.chunk;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;

/**
 * Computes chunk ids: SHA-256, or HMAC-SHA-256 in an encrypted repository. HMAC uses a separate key for map pages, so
 * that a block with the content of a page never gets the page's id. Not thread-safe: each worker has one.
 */
public final class ChunkHasher {
    private final MessageDigest sha256 = newSha256();
    private final Mac data; // null in a plain repository
    private final Mac pages;

    /** Computes plain SHA-256. */
    public ChunkHasher() {
        this(null, null);
    }

    private ChunkHasher(Mac data, Mac pages) {
        this.data = data;
        this.pages = pages;
    }

    /**
     * @param data computes ids of blocks and file pieces; the hasher takes ownership
     * @param pages computes ids of map pages; the hasher takes ownership
     */
    public static ChunkHasher keyed(Mac data, Mac pages) {
        return new ChunkHasher(data, pages);
    }

    /**
     * Returns the id of a block or file piece. Reads from position to limit without moving either. Does not check for
     * zeros: the caller uses {@link ChunkId#ZERO} for those.
     */
    public ChunkId id(ByteBuffer plaintext) {
        return id(data, plaintext);
    }

    /** Returns the id of a chunk of this kind; see {@link #id(ByteBuffer)}. */
    public ChunkId id(ChunkKind kind, ByteBuffer plaintext) {
        return id(kind == ChunkKind.MAP_PAGE ? pages : data, plaintext);
    }

    private ChunkId id(Mac mac, ByteBuffer plaintext) {
        if (mac != null) {
            mac.update(plaintext.duplicate());
            return ChunkId.read(mac.doFinal(), 0);
        }
        sha256.update(plaintext.duplicate());
        return ChunkId.read(sha256.digest(), 0);
    }

    public ChunkId id(byte[] plaintext) {
        return id(ByteBuffer.wrap(plaintext));
    }

    /** Returns a new SHA-256 digest. Every Java platform has one. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
