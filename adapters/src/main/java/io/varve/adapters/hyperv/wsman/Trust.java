package io.varve.adapters.hyperv.wsman;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which certificate of a host is accepted. Immutable. */
public final class Trust {
    private final Optional<byte[]> pin;
    private final Optional<KeyStore> authorities;

    private Trust(Optional<byte[]> pin, Optional<KeyStore> authorities) {
        this.pin = pin;
        this.authorities = authorities;
    }

    /** Any certificate of a known authority that names the host. */
    public static Trust standard() {
        return new Trust(Optional.empty(), Optional.empty());
    }

    /**
     * Exactly one certificate, whoever signed it and whatever it names: for the self-signed ones of WinRM.
     *
     * @param fingerprint SHA-256 of the certificate in hex, with or without colons
     * @throws IllegalArgumentException when it is none
     */
    public static Trust pinned(String fingerprint) {
        String digits = fingerprint.replace(":", "").strip().toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("expected a SHA-256 fingerprint of 64 hex digits, found '" + fingerprint
                    + "'" + (digits.matches("[0-9a-f]{40}") ? ", which is a SHA-1 fingerprint" : ""));
        }
        return new Trust(Optional.of(HexFormat.of().parseHex(digits)), Optional.empty());
    }

    /**
     * Certificates of the authorities in a PEM file that name the host.
     *
     * @throws IOException when the file cannot be read or has no certificate
     */
    public static Trust authorities(Path file) throws IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (found.isEmpty()) {
                throw new IOException(file + ": holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : found) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            return new Trust(Optional.empty(), Optional.of(store));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected certificates in PEM: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of a certificate, as {@link #pinned} takes it. */
    static String fingerprint(X509Certificate certificate) throws CertificateException {
        return HexFormat.of().formatHex(digest(certificate));
    }

    private static byte[] digest(X509Certificate certificate) throws CertificateException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    /**
     * A context for TLS that follows this.
     *
     * @param seen learns the certificate that the host showed, accepted or not
     */
    SSLContext context(SeenCertificate seen) {
        try {
            X509ExtendedTrustManager manager =
                    pin.isPresent() ? new PinnedTrust(pin.get(), seen) : new SeeingTrust(standardManager(), seen);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no usable TLS", e);
        }
    }

    private X509ExtendedTrustManager standardManager() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities.orElse(null));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }
}
