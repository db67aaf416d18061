package io.varve.adapters.hyperv.wsman;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Accepts one certificate. That it names another host or has expired does not matter: it is known. */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final byte[] pin;
    private final SeenCertificate seen;

    PinnedTrust(byte[] pin, SeenCertificate seen) {
        this.pin = pin;
        this.seen = seen;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        seen.saw(chain);
        byte[] found = HexFormat.of().parseHex(Trust.fingerprint(chain[0]));
        if (!MessageDigest.isEqual(pin, found)) {
            throw new CertificateException("expected the certificate with SHA-256 fingerprint "
                    + HexFormat.of().formatHex(pin));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
