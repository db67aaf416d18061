package io.varve.adapters.smb.link;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import jcifs.util.Crypto;
import org.bouncycastle.crypto.digests.MD4Digest;

/**
 * The two algorithms that jcifs-ng asks a provider for: AES-CMAC, which signs, several times as fast as the one it
 * comes with; and MD4, which NTLM needs.
 */
final class LinkCryptography extends Provider {
    private static final long serialVersionUID = 1L;

    private static boolean installed; // guarded by the class

    private LinkCryptography() {
        super("VarveSmb", "1.0", "AES-CMAC and MD4 for SMB");
        putService(new Algorithm(this, "Mac", "AESCMAC", AesCmac.class));
        putService(new Algorithm(this, "MessageDigest", "MD4", Md4.class));
    }

    /**
     * Makes the library use it, once for the process. A Java that takes ciphers only from signed jars keeps the
     * library's own.
     */
    static synchronized void install() {
        if (installed) {
            return;
        }
        installed = true;
        LinkCryptography ours = new LinkCryptography();
        try {
            Mac.getInstance("AESCMAC", ours).init(new SecretKeySpec(new byte[16], "AES"));
        } catch (GeneralSecurityException | SecurityException e) {
            return;
        }
        Crypto.initProvider(ours);
    }

    private static final class Algorithm extends Provider.Service {
        Algorithm(Provider provider, String type, String name, Class<?> what) {
            super(provider, type, name, what.getName(), List.of(), Map.of());
        }

        @Override
        public Object newInstance(Object parameter) {
            return getType().equals("Mac") ? new AesCmac() : new Md4();
        }
    }

    /** MD4 in the JDK's form. */
    private static final class Md4 extends MessageDigest {
        private final MD4Digest digest = new MD4Digest();

        Md4() {
            super("MD4");
        }

        @Override
        protected void engineUpdate(byte input) {
            digest.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            digest.update(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            byte[] result = new byte[digest.getDigestSize()];
            digest.doFinal(result, 0);
            return result;
        }

        @Override
        protected void engineReset() {
            digest.reset();
        }
    }
}
