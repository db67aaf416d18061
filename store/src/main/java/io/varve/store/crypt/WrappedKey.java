package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The object {@code keys/<id>.json}: the master key, wrapped with a key that is derived from one credential.
 *
 * @param id 16 hexadecimal digits
 * @param label for people
 * @param argon2 cost of trying a passphrase; empty for a key file
 * @param salt 16 bytes, hexadecimal
 * @param wrapped nonce 12, ciphertext 32, tag 16, hexadecimal
 */
public record WrappedKey(
        String id,
        UUID repositoryId,
        String label,
        Instant createdAt,
        Optional<Argon2> argon2,
        String salt,
        String wrapped) {
    static final String DIRECTORY = "keys";
    private static final Pattern OBJECT_NAME = Pattern.compile(DIRECTORY + "/[0-9a-f]{1,64}\\.json");
    private static final int SALT_LENGTH = 16;
    private static final int WRAPPED_LENGTH = AesGcm.NONCE_LENGTH + RepositoryKeys.MASTER_LENGTH + AesGcm.TAG_LENGTH;
    private static final String KEY_FILE = "key-file";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Wraps the master key of {@code keys}. */
    static WrappedKey wrap(RepositoryKeys keys, Credential credential, String label, Argon2 cost, Instant now) {
        byte[] nonce = random(AesGcm.NONCE_LENGTH);
        WrappedKey unwrapped = new WrappedKey(
                hex(random(8)),
                keys.repositoryId(),
                label,
                now,
                credential.isPassphrase() ? Optional.of(cost) : Optional.empty(),
                hex(random(SALT_LENGTH)),
                hex(nonce));
        try {
            byte[] sealed = unwrapped.cipher(Cipher.ENCRYPT_MODE, credential).doFinal(keys.master());
            return new WrappedKey(
                    unwrapped.id,
                    unwrapped.repositoryId,
                    label,
                    now,
                    unwrapped.argon2,
                    unwrapped.salt,
                    unwrapped.wrapped + hex(sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM could not wrap a key", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    boolean isFor(Credential credential) {
        return argon2.isPresent() == credential.isPassphrase();
    }

    /** The kind of credential that opens it, in one word. */
    public String kind() {
        return argon2.isPresent() ? "passphrase" : KEY_FILE;
    }

    /** Returns the master key, or null if the credential is the wrong one. Slow for a passphrase, on purpose. */
    byte[] unwrap(Credential credential) {
        try {
            byte[] bytes = HexFormat.of().parseHex(wrapped);
            return cipher(Cipher.DECRYPT_MODE, credential)
                    .doFinal(bytes, AesGcm.NONCE_LENGTH, bytes.length - AesGcm.NONCE_LENGTH);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM could not unwrap a key of the right length", e);
        }
    }

    private Cipher cipher(int mode, Credential credential) throws GeneralSecurityException {
        byte[] saltBytes = HexFormat.of().parseHex(salt);
        byte[] key = argon2.isPresent()
                ? argon2.get().hash(credential.secret(), saltBytes, RepositoryKeys.MASTER_LENGTH)
                : Hkdf.key(credential.secret(), saltBytes, "varve key file");
        Cipher cipher = AesGcm.newCipher();
        byte[] nonce = HexFormat.of().parseHex(wrapped, 0, 2 * AesGcm.NONCE_LENGTH);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(AesGcm.TAG_BITS, nonce));
        Arrays.fill(key, (byte) 0);
        cipher.updateAAD(("varve key " + repositoryId + " " + id).getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    String objectName() {
        return objectName(id);
    }

    /** Whether an object of this name is a key. */
    public static boolean isObjectName(String name) {
        return OBJECT_NAME.matcher(name).matches();
    }

    static String objectName(String id) {
        return DIRECTORY + "/" + id + ".json";
    }

    byte[] encode() {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("id", id)
                .put("repositoryId", repositoryId.toString())
                .put("label", label)
                .put("createdAt", createdAt.toString());
        ObjectNode kdf = argon2.map(Argon2::encode)
                .orElseGet(() -> SealedJson.newObject().put("algorithm", KEY_FILE));
        json.set("kdf", kdf.put("salt", salt));
        return SealedJson.encode(json.put("wrappedKey", wrapped));
    }

    static WrappedKey decode(byte[] file, String name) throws CorruptDataException {
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        String id = json.text("id");
        if (!name.equals(objectName(id))) {
            throw json.wrong("id", "the id in the file's name");
        }
        JsonFields kdf = json.object("kdf");
        String algorithm = kdf.text("algorithm");
        if (!algorithm.equals(Argon2.NAME) && !algorithm.equals(KEY_FILE)) {
            throw kdf.wrong("algorithm", Argon2.NAME + " or " + KEY_FILE);
        }
        return new WrappedKey(
                id,
                json.uuid("repositoryId"),
                json.text("label"),
                json.time("createdAt"),
                algorithm.equals(KEY_FILE) ? Optional.empty() : Optional.of(Argon2.decode(kdf)),
                hex(kdf, "salt", SALT_LENGTH),
                hex(json, "wrappedKey", WRAPPED_LENGTH));
    }

    private static String hex(JsonFields json, String field, int length) throws CorruptDataException {
        try {
            String text = json.text(field);
            if (HexFormat.of().parseHex(text).length == length) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw json.wrong(field, 2 * length + " hexadecimal digits");
    }
}
