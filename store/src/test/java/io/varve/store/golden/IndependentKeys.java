package io.varve.store.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of the format, written a second time from {@code docs/format.md} alone: the JDK, nothing of
 * {@code io.varve}. For a key file.
 */
final class IndependentKeys {
    private static final String ZERO = "0".repeat(64);

    private final byte[] repository;
    private final byte[] keysOf;
    private final byte[] master;

    /** Unwraps the master key of the one entry of {@code keys/} that is for a key file. */
    IndependentKeys(Path root, Path keyFile) throws IOException {
        byte[] secret = Base64.getDecoder().decode(Files.readString(keyFile).strip());
        JsonNode config = IndependentDecoder.json(root.resolve("repository.json"));
        String id = config.get("repositoryId").textValue();
        this.repository = hex(id.replace("-", ""));
        String origin = config.get("encryption").path("keysOf").asText(id);
        this.keysOf = hex(origin.replace("-", ""));
        byte[] found = null;
        try (var files = Files.list(root.resolve("keys"))) {
            for (Path file : files.toList()) {
                JsonNode key = IndependentDecoder.json(file);
                JsonNode kdf = key.get("kdf");
                if (kdf.get("algorithm").textValue().equals("key-file")) {
                    byte[] wrapping = hkdf(secret, hex(kdf.get("salt").textValue()), "varve key file");
                    byte[] wrapped = hex(key.get("wrappedKey").textValue());
                    String name = "varve key " + id + " " + key.get("id").textValue();
                    found = decrypt(
                            wrapping,
                            Arrays.copyOf(wrapped, 12),
                            name.getBytes(StandardCharsets.US_ASCII),
                            Arrays.copyOfRange(wrapped, 12, 60));
                }
            }
        }
        this.master = found;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hkdf(byte[] secret, byte[] salt, String purpose) {
        return hmac(hmac(salt, secret), purpose.getBytes(StandardCharsets.US_ASCII), new byte[] {1});
    }

    private static byte[] decrypt(byte[] key, byte[] nonce, byte[] associated, byte[] sealed) throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(sealed);
        } catch (GeneralSecurityException e) {
            throw new IOException("not as in docs/format.md: " + e.getMessage(), e);
        }
    }

    String id(byte[] content, int kind) {
        byte[] key = hkdf(master, keysOf, kind == 2 ? "varve page ids" : "varve data ids");
        return HexFormat.of().formatHex(hmac(key, content));
    }

    byte[] open(byte[] payload, String id, int kind, int codec, int rawLength) throws IOException {
        byte[] key = hkdf(hkdf(master, keysOf, "varve data"), Arrays.copyOf(payload, 16), "varve pack");
        byte[] nonce = Arrays.copyOf(Arrays.copyOfRange(payload, 16, 20), 12);
        byte[] associated = ByteBuffer.allocate(54)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(keysOf)
                .put(hex(id))
                .put((byte) kind)
                .put((byte) codec)
                .putInt(rawLength)
                .array();
        return decrypt(key, nonce, associated, Arrays.copyOfRange(payload, 20, payload.length));
    }

    /** Whether the MAC of a JSON file is right. */
    boolean isAuthentic(Path root, Path file) throws IOException {
        String text = Files.readString(file);
        JsonNode json = IndependentDecoder.json(file);
        String mac = json.get("mac").textValue();
        String covered = text.replace(mac, ZERO).replace(json.get("digest").textValue(), ZERO);
        String name = root.relativize(file).toString().replace('\\', '/');
        byte[] key = hkdf(master, repository, "varve documents");
        byte[] expected =
                hmac(key, name.getBytes(StandardCharsets.UTF_8), new byte[1], covered.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(expected).equals(mac);
    }
}
