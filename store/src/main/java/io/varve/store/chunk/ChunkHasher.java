package io.varve.store.chunk;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;

/**
 * Computes chunk ids: SHA-256, or HMAC-SHA-256 in an encrypted repository. There map pages have a key of their own, so
 * that a block that looks like a page is never taken for one. Not thread-safe: every worker has its own.
 */
public final class ChunkHasher {
    private final MessageDigest sha256 = newSha256();
    private final Mac data; // null in a plain repository
    private final Mac pages;

    /** Plain SHA-256. */
    public ChunkHasher() {
        this(null, null);
    }

    private ChunkHasher(Mac data, Mac pages) {
        this.data = data;
        this.pages = pages;
    }

    /**
     * @param data for ids of blocks and file pieces; belongs to the hasher from now on
     * @param pages for ids of map pages; likewise
     */
    public static ChunkHasher keyed(Mac data, Mac pages) {
        return new ChunkHasher(data, pages);
    }

    /**
     * The id of a block or file piece from position to limit, whose position does not move. Does not look for zeros.
     */
    public ChunkId id(ByteBuffer plaintext) {
        return id(data, plaintext);
    }

    /** The id of a chunk of this kind, otherwise as above. */
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

    /** A fresh SHA-256, which every Java platform has. */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
