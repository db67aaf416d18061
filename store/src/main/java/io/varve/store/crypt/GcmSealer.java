package io.varve.store.crypt;

import io.varve.store.chunk.ChunkCodec.Encoded;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import javax.crypto.SecretKey;

/**
 * Seals chunks, and opens each seal again to check it. Each sealer draws a random salt and counts frames under it, so
 * that no pair of key and nonce is used twice, however many sealers there are. Map pages are not sealed. Not
 * thread-safe. Holds twice the size of the largest chunk in direct memory.
 */
final class GcmSealer implements ChunkSealer {
    /** Most frames under one salt: as many as a pack holds, which is far below the limit of GCM. */
    static final int MAX_FRAMES = 1 << 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] dataKey;
    private final FrameCipher cipher;
    private final byte[] salt = new byte[FrameCipher.SALT_LENGTH];
    private final ByteBuffer sealed;
    private final ByteBuffer opened;
    private SecretKey key;
    private int counter = MAX_FRAMES;

    GcmSealer(byte[] dataKey, FrameCipher cipher, int maxRawLength) {
        this.dataKey = dataKey;
        this.cipher = cipher;
        // Compressed output that is no shorter is never used, so the content is at most as long as the plaintext.
        this.sealed =
                ByteBuffer.allocateDirect(maxRawLength + Codec.SEAL_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        this.opened = ByteBuffer.allocateDirect(maxRawLength + AesGcm.TAG_LENGTH);
    }

    @Override
    public Encoded seal(ChunkKind kind, ChunkId id, int rawLength, Encoded encoded) {
        if (kind == ChunkKind.MAP_PAGE) {
            return encoded;
        }
        if (counter == MAX_FRAMES) {
            RANDOM.nextBytes(salt);
            key = FrameCipher.key(dataKey, salt);
            counter = 0;
        }
        int number = counter++; // incremented first, because a seal that fails uses up its number too
        FrameCipher.Frame frame = new FrameCipher.Frame(kind, encoded.codec().sealed(), rawLength, id);
        sealed.clear().put(salt).putInt(number);
        cipher.encrypt(key, number, frame, encoded.payload(), sealed);
        sealed.flip();
        check(number, frame, encoded);
        return new Encoded(frame.sealedCodec(), sealed.duplicate());
    }

    private void check(int number, FrameCipher.Frame frame, Encoded encoded) {
        ByteBuffer ciphertext = sealed.slice(FrameCipher.PREFIX_LENGTH, sealed.limit() - FrameCipher.PREFIX_LENGTH);
        boolean same = cipher.decrypt(key, number, frame, ciphertext, opened.clear())
                && opened.flip().mismatch(encoded.payload()) < 0;
        if (!same) {
            throw new IllegalStateException("AES-GCM did not return what it encrypted: faulty memory or"
                    + " a broken library; nothing was stored");
        }
    }
}
