package io.varve.store.crypt;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.FrameRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;

/**
 * Opens sealed chunks and verifies each by its keyed id. Caches the keys of recent salts. Not thread-safe. Holds direct
 * memory for the largest chunk so far.
 */
final class GcmOpener implements ChunkOpener {
    private static final int KEYS_KEPT = 64;

    private final byte[] dataKey;
    private final FrameCipher cipher;
    private final ChunkHasher hasher;
    private final Map<ByteBuffer, SecretKey> keys = new LinkedHashMap<>(KEYS_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, SecretKey> eldest) {
            return size() > KEYS_KEPT;
        }
    };
    private ByteBuffer content = ByteBuffer.allocateDirect(64 << 10);

    GcmOpener(byte[] dataKey, FrameCipher cipher, ChunkHasher hasher) {
        this.dataKey = dataKey;
        this.cipher = cipher;
        this.hasher = hasher;
    }

    @Override
    public void open(FrameHeader header, ByteBuffer payload, ByteBuffer target, String object, long offset)
            throws CorruptDataException {
        FrameRule.ENCRYPTED.check(header, object, offset);
        ByteBuffer encoded = header.kind() == ChunkKind.MAP_PAGE ? payload : decrypt(header, payload, object, offset);
        if (!ChunkCodec.decode(header.codec().inner(), encoded, target)) {
            throw Proofs.undecodable(object, offset, "a payload that " + header.codec() + " decodes", "garbage");
        }
        Proofs.id(hasher, header, target, object, offset);
    }

    private ByteBuffer decrypt(FrameHeader header, ByteBuffer payload, String object, long offset)
            throws CorruptDataException {
        byte[] salt = new byte[FrameCipher.SALT_LENGTH];
        payload.get(payload.position(), salt);
        SecretKey key = keys.computeIfAbsent(ByteBuffer.wrap(salt), unused -> FrameCipher.key(dataKey, salt));
        int counter =
                payload.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(payload.position() + FrameCipher.SALT_LENGTH);
        ByteBuffer ciphertext = payload.slice(
                payload.position() + FrameCipher.PREFIX_LENGTH, payload.remaining() - FrameCipher.PREFIX_LENGTH);
        if (content.capacity() < ciphertext.remaining()) {
            content = ByteBuffer.allocateDirect(ciphertext.remaining());
        }
        FrameCipher.Frame frame = new FrameCipher.Frame(header.kind(), header.codec(), header.rawLength(), header.id());
        if (!cipher.decrypt(key, counter, frame, ciphertext, content.clear())) {
            throw Proofs.undecodable(
                    object,
                    offset,
                    "ciphertext of chunk " + header.id().hex() + " under this repository's key",
                    "another tag");
        }
        return content.flip();
    }
}
