package io.varve.store.crypt;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Cipher;
import org.conscrypt.Conscrypt;

/**
 * Chooses the implementation of AES-256-GCM, once per process: Conscrypt if its native library loads, otherwise the
 * JDK. The JDK's runs at a hundredth of its full speed until its inner loops are compiled, which takes longer than a
 * small backup. {@code docs/performance.md} has the figures.
 */
public final class AesGcm {
    static final int TAG_BITS = 128;
    static final int TAG_LENGTH = 16;
    static final int NONCE_LENGTH = 12;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final Provider CONSCRYPT = conscrypt();

    private AesGcm() {}

    private static Provider conscrypt() {
        try {
            ConscryptLibrary.prepare();
            Provider provider = Conscrypt.newProviderBuilder().build();
            Cipher.getInstance(TRANSFORMATION, provider);
            return provider;
        } catch (IOException | GeneralSecurityException | RuntimeException | LinkageError e) {
            return null; // no native library for this platform, or nowhere to unpack it
        }
    }

    /** Name of the provider in use. */
    public static String provider() {
        return newCipher().getProvider().getName();
    }

    /** Returns a new cipher, which is not thread-safe. */
    static Cipher newCipher() {
        try {
            return CONSCRYPT == null
                    ? Cipher.getInstance(TRANSFORMATION)
                    : Cipher.getInstance(TRANSFORMATION, CONSCRYPT);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has AES-GCM", e);
        }
    }
}
