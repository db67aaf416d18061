package io.varve.store.crypt;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts single frames. A sealed payload is {@code salt 16 · counter u32 · ciphertext · tag 16}. The key
 * is derived from the salt, the nonce from the counter. The tag also covers the repository that the keys were made for,
 * the chunk id, kind, codec and raw length. Not thread-safe.
 */
final class FrameCipher {
    static final int SALT_LENGTH = 16;
    static final int PREFIX_LENGTH = SALT_LENGTH + 4;
    private static final String PURPOSE = "varve pack";

    private final Cipher cipher = AesGcm.newCipher();
    private final ByteBuffer associated =
            ByteBuffer.allocate(16 + ChunkId.SIZE + 6).order(ByteOrder.LITTLE_ENDIAN);
    private final UUID keysOf;

    /** @param keysOf the repository that the keys were made for */
    FrameCipher(UUID keysOf) {
        this.keysOf = keysOf;
    }

    /** Derives the key of all frames that have this salt. */
    static SecretKey key(byte[] dataKey, byte[] salt) {
        return new SecretKeySpec(Hkdf.key(dataKey, salt, PURPOSE), "AES");
    }

    /** The fields that the tag covers besides the content. */
    record Frame(ChunkKind kind, Codec sealedCodec, int rawLength, ChunkId id) {}

    /**
     * Encrypts {@code content} into {@code target}, whose position moves past the tag; that of {@code content} does not
     * move.
     */
    void encrypt(SecretKey key, int counter, Frame frame, ByteBuffer content, ByteBuffer target) {
        try {
            init(Cipher.ENCRYPT_MODE, key, counter, frame);
            cipher.doFinal(content.duplicate(), target);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM could not encrypt a chunk; nothing was stored", e);
        }
    }

    /**
     * Decrypts {@code sealed}, which is ciphertext and tag, into {@code target}, whose position moves; that of
     * {@code sealed} does not.
     *
     * @return whether the tag is right; if not, the content of {@code target} must not be used
     */
    boolean decrypt(SecretKey key, int counter, Frame frame, ByteBuffer sealed, ByteBuffer target) {
        try {
            init(Cipher.DECRYPT_MODE, key, counter, frame);
            cipher.doFinal(sealed.duplicate(), target);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM could not decrypt a chunk of the right length", e);
        }
    }

    private void init(int mode, SecretKey key, int counter, Frame frame) throws GeneralSecurityException {
        byte[] nonce = new byte[AesGcm.NONCE_LENGTH];
        ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN).putInt(counter);
        cipher.init(mode, key, new GCMParameterSpec(AesGcm.TAG_BITS, nonce));
        associated
                .clear()
                .put(bytes(keysOf))
                .put(frame.id.toBytes())
                .put((byte) frame.kind.code())
                .put((byte) frame.sealedCodec.code())
                .putInt(frame.rawLength);
        cipher.updateAAD(associated.array());
    }

    /** Most significant byte first, as in a pack's header. */
    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
