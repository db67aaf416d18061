package io.varve.store.s3;

import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The JDK's client as an address and the environment want it: proxy and authorities. It follows no redirects. */
final class S3Http {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    private S3Http() {}

    static HttpClient client(S3Address address, S3Service service, Map<String, String> environment) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        URI endpoint = service.endpoint();
        InetSocketAddress proxy = proxy(endpoint, environment);
        if (proxy != null) {
            builder.proxy(ProxySelector.of(proxy));
        } else if (S3Address.isLoopback(endpoint.getHost())) {
            builder.proxy(HttpClient.Builder.NO_PROXY); // the JDK's own settings do not count either
        }
        String bundle = environment.get("AWS_CA_BUNDLE");
        Path ca = address.ca() != null ? address.ca() : bundle == null || bundle.isEmpty() ? null : Path.of(bundle);
        if (ca != null) {
            builder.sslContext(trusting(ca));
        }
        return builder.build();
    }

    /** The proxy that the environment names for this host; null for none. */
    static InetSocketAddress proxy(URI endpoint, Map<String, String> environment) {
        if (S3Address.isLoopback(endpoint.getHost())) {
            return null; // plain requests must not leave this computer
        }
        String scheme = endpoint.getScheme();
        String lower = environment.get(scheme + "_proxy");
        String text = lower != null ? lower : environment.get(scheme.toUpperCase(Locale.ROOT) + "_PROXY");
        if (text == null || text.isEmpty() || isExempt(endpoint.getHost(), environment)) {
            return null;
        }
        URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
        if (proxy.getHost() == null || !"http".equals(proxy.getScheme())) {
            throw new IllegalArgumentException(scheme + "_proxy: expected http://HOST:PORT");
        }
        if (proxy.getUserInfo() != null) {
            throw new IllegalArgumentException(scheme + "_proxy: a proxy that wants a password is not supported");
        }
        return InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort());
    }

    private static boolean isExempt(String host, Map<String, String> environment) {
        String lower = environment.get("no_proxy");
        String list = lower != null ? lower : environment.getOrDefault("NO_PROXY", "");
        for (String entry : list.split(",")) {
            String name = entry.strip();
            name = name.startsWith(".") ? name.substring(1) : name;
            if (name.equals("*") || !name.isEmpty() && (host.equals(name) || host.endsWith("." + name))) {
                return true;
            }
        }
        return false;
    }

    /** Trusts the JDK's authorities and those of a file. */
    private static SSLContext trusting(Path ca) throws IOException {
        try (InputStream in = Files.newInputStream(ca)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : authorities()) {
                store.setCertificateEntry("jdk-" + number++, certificate);
            }
            int own = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("own-" + own++, certificate);
            }
            if (own == 0) {
                throw new IOException("no certificate in it");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(ca + ": cannot read certificates in PEM form: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(ca + ": cannot read certificates in PEM form: " + Reason.of(e), e);
        }
    }

    private static X509Certificate[] authorities() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                return trust.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }
}
