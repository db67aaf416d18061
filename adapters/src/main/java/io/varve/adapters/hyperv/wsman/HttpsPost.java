package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimException.Kind;
import io.varve.adapters.login.Login;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Requests over HTTPS. The password, or a fresh Kerberos ticket, goes with each request, since the JDK's client does
 * not say on which connection a request travels.
 */
final class HttpsPost implements Post {
    private static final Duration CONNECT = Duration.ofSeconds(20);

    /** Longer than the time that a request gives the host to answer. */
    private static final Duration ANSWER = Duration.ofSeconds(90);

    /** More than was asked for: servers count the envelope differently. */
    private static final int LARGEST = 16 << 20;

    private final URI uri;
    private final Login login;
    private final long answerMillis;
    private final Optional<Kerberos> kerberos;
    private final SeenCertificate seen = new SeenCertificate();
    private final HttpClient client;

    /**
     * @param login taken over: its password is wiped by {@link #close}
     * @throws IllegalArgumentException when the login needs another kind of name for the host
     */
    HttpsPost(HostAddress address, Login login, Trust trust) {
        this(address, login, trust, ANSWER);
    }

    HttpsPost(HostAddress address, Login login, Trust trust, Duration answer) {
        this.answerMillis = answer.toMillis();
        this.uri = address.uri();
        this.login = login;
        this.kerberos = login instanceof Login.Basic ? Optional.empty() : Optional.of(new Kerberos(login, address));
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(trust.context(seen))
                .build();
    }

    @Override
    public String url() {
        return uri.toString();
    }

    @Override
    public Reply send(byte[] message) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMillis(answerMillis))
                .header("Content-Type", "application/soap+xml;charset=UTF-8")
                .header("Authorization", authorization())
                .POST(BodyPublishers.ofByteArray(message))
                .build();
        HttpResponse<InputStream> response = exchange(request);
        try (InputStream body = response.body()) {
            if (response.statusCode() == 401) {
                throw refused(response);
            }
            byte[] bytes = read(body);
            if (bytes.length > LARGEST) {
                throw new CimException(Kind.TOO_LARGE, 0, uri + ": an answer of more than " + LARGEST + " bytes");
            }
            return new Reply(response.statusCode(), new ByteArrayInputStream(bytes));
        }
    }

    /** The request's own time-out ends with the head of the answer. */
    private byte[] read(InputStream body) throws IOException {
        CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                () -> close(body), CompletableFuture.delayedExecutor(answerMillis, TimeUnit.MILLISECONDS));
        try {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (!deadline.isDone()) {
                return bytes;
            }
            throw new IOException("closed");
        } catch (IOException e) {
            throw new IOException(uri + ": no answer: it stopped in the middle: " + e.getMessage(), e);
        } finally {
            deadline.cancel(false);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of no interest to anyone: whoever reads it fails
        }
    }

    private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (SSLException e) {
            throw untrusted(e);
        } catch (HttpConnectTimeoutException | ConnectException e) {
            throw new IOException(
                    uri + ": cannot connect: is WinRM enabled for HTTPS on the host (winrm quickconfig"
                            + " -transport:https), and does its firewall allow port " + uri.getPort() + "?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for " + uri).initCause(e);
        } catch (IOException e) {
            throw new IOException(
                    uri + ": no answer: " + Optional.ofNullable(e.getMessage()).orElse(e.toString()), e);
        }
    }

    private IOException untrusted(SSLException e) {
        Optional<X509Certificate> shown = seen.last();
        if (shown.isEmpty()) {
            return new IOException(uri + ": no TLS connection: " + e.getMessage(), e);
        }
        try {
            return new IOException(
                    uri + ": the host's certificate is not trusted: " + e.getMessage() + ". It is for "
                            + shown.get().getSubjectX500Principal() + ", valid until "
                            + shown.get().getNotAfter().toInstant() + ", SHA-256 fingerprint "
                            + Trust.fingerprint(shown.get())
                            + ". If the host itself shows the same fingerprint, state it",
                    e);
        } catch (CertificateException unreadable) {
            e.addSuppressed(unreadable);
            return e;
        }
    }

    private String authorization() throws IOException {
        if (login instanceof Login.Basic basic) {
            byte[] bytes = utf8(basic);
            return "Basic " + Base64.getEncoder().encodeToString(bytes);
        }
        return "Negotiate "
                + Base64.getEncoder().encodeToString(kerberos.orElseThrow().token());
    }

    /** User, colon, password, without leaving copies of the password behind. */
    private static byte[] utf8(Login.Basic basic) {
        CharBuffer text = CharBuffer.allocate(basic.user().length() + 1 + basic.password().length);
        text.put(basic.user()).put(':').put(basic.password()).flip();
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(text);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes).flip();
        while (encoded.hasRemaining()) {
            encoded.put((byte) 0);
        }
        Arrays.fill(text.array(), '\0');
        return bytes;
    }

    private CimException refused(HttpResponse<?> response) {
        List<String> offered = response.headers().allValues("WWW-Authenticate");
        String scheme = login instanceof Login.Basic ? "Basic" : "Negotiate";
        boolean offers = offered.stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).startsWith(scheme.toLowerCase(Locale.ROOT)));
        String advice = offers
                ? login instanceof Login.Basic
                        ? "is the password right, and is the user a local account of the host?"
                        : "does the name " + uri.getHost() + " belong to this host (setspn -Q HTTP/" + uri.getHost()
                                + "), is its clock right, and is CbtHardeningLevel of its WinRM not Strict?"
                : "it offers " + (offered.isEmpty() ? "no way to log on" : String.join(", ", offered)) + ", not "
                        + scheme;
        return new CimException(Kind.DENIED, 401, uri + ": the host refused the logon; " + advice);
    }

    @Override
    public void close() throws IOException {
        // The JDK's client ends its threads when nothing refers to it any more.
        login.wipe();
        if (kerberos.isPresent()) {
            kerberos.get().close();
        }
    }
}
