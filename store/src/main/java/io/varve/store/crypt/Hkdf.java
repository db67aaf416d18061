package io.varve.store.crypt;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), and the HMAC that it is built on. Stateless. */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_LENGTH = 32;

    private Hkdf() {}

    /** Derives a key of 32 bytes from {@code secret} for one purpose. */
    static byte[] key(byte[] secret, byte[] salt, String purpose) {
        byte[] pseudorandom = extract(salt, secret);
        try {
            return expand(pseudorandom, purpose.getBytes(StandardCharsets.US_ASCII), HASH_LENGTH);
        } finally {
            Arrays.fill(pseudorandom, (byte) 0);
        }
    }

    static byte[] extract(byte[] salt, byte[] secret) {
        return mac(salt.length == 0 ? new byte[HASH_LENGTH] : salt).doFinal(secret);
    }

    static byte[] expand(byte[] pseudorandom, byte[] info, int length) {
        Mac mac = mac(pseudorandom);
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        int done = 0;
        for (int counter = 1; done < length; counter++) {
            mac.update(block);
            mac.update(info);
            block = mac.doFinal(new byte[] {(byte) counter});
            int take = Math.min(block.length, length - done);
            System.arraycopy(block, 0, output, done, take);
            done += take;
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    /** Returns a new HMAC-SHA-256, which is not thread-safe. */
    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new AssertionError("every Java platform has HMAC-SHA-256, with keys of any length", e);
        }
    }
}
