package io.varve.adapters.hyperv.wsman;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** The certificate that a host showed last, so that a refusal can name it. Thread-safe. */
final class SeenCertificate {
    private volatile X509Certificate last;

    void saw(X509Certificate[] chain) {
        if (chain != null && chain.length > 0) {
            last = chain[0];
        }
    }

    Optional<X509Certificate> last() {
        return Optional.ofNullable(last);
    }
}
