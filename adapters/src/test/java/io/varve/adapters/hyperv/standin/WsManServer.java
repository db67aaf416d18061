package io.varve.adapters.hyperv.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.varve.adapters.contract.Program;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.ietf.jgss.GSSException;

/** The host's WinRM: WS-Management over HTTPS on a port of this computer, with Basic and a self-signed certificate. */
public final class WsManServer implements Closeable {
    public static final String USER = "backup";
    public static final String PASSWORD = "secret";
    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    static {
        // The JDK's server writes head and body apart; without this each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpsServer server;
    private final WsManProtocol protocol;
    private final String fingerprint;
    private volatile boolean answersHalf;
    private volatile int answersHalfOf;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean stalls;
    private volatile Optional<NegotiateAcceptor> domain = Optional.empty();

    private WsManServer(HttpsServer server, WsManProtocol protocol, String fingerprint) {
        this.server = server;
        this.protocol = protocol;
        this.fingerprint = fingerprint;
    }

    /**
     * Starts it.
     *
     * @param temp where its certificate is made
     * @param port 0 for any
     */
    public static WsManServer start(StandInHost host, Path temp, int port) throws IOException {
        try {
            KeyStore keys = keys(temp.resolve("winrm.p12"));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, STORE_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            byte[] certificate = keys.getCertificate("winrm").getEncoded();
            String fingerprint = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
            WsManServer started = new WsManServer(server, new WsManProtocol(host), fingerprint);
            server.createContext("/wsman", started::answer);
            server.start();
            return started;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Made once per process: making one takes a second. */
    private static byte[] made;

    private static synchronized KeyStore keys(Path file) throws IOException, GeneralSecurityException {
        if (made != null) {
            Files.write(file, made);
        } else if (!Files.exists(file)) {
            Program.Result made = Program.run(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "winrm",
                    "-keyalg",
                    "RSA",
                    "-dname",
                    "CN=HOST1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(STORE_PASSWORD));
            if (made.exitCode() != 0) {
                throw new IOException(made.output());
            }
        }
        made = Files.readAllBytes(file);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, STORE_PASSWORD);
        }
        return keys;
    }

    public String address() {
        return "localhost:" + server.getAddress().getPort();
    }

    public String fingerprint() {
        return fingerprint;
    }

    /** Answers stop in the middle, and the connection stays open. */
    public void stall(boolean stall) {
        stalls = stall;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Of questions, not of methods, every so-manyth answer ends in the middle; 0 for none. */
    public void answerHalfOf(int every) {
        answersHalfOf = every;
    }

    private boolean isHalf(byte[] request) {
        String text = new String(request, StandardCharsets.UTF_8);
        boolean isQuestion = text.contains("/transfer/Get") || text.contains("/enumeration/");
        return answersHalf || answersHalfOf > 0 && isQuestion && questions.incrementAndGet() % answersHalfOf == 0;
    }

    /** Answers end in the middle. */
    public void answerHalf(boolean half) {
        answersHalf = half;
    }

    /** The host joins a domain: from now on it takes its tickets, and no longer Basic. */
    public void join(NegotiateAcceptor acceptor) {
        domain = Optional.of(acceptor);
    }

    /** A 401 names the ways to log on. */
    private boolean isAllowed(HttpExchange exchange) {
        String authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        if (domain.isEmpty()) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"WSMAN\"");
            return authorization.equals("Basic "
                    + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8)));
        }
        String scheme = "Negotiate ";
        try {
            if (authorization.startsWith(scheme)) {
                byte[] token = Base64.getDecoder().decode(authorization.substring(scheme.length()));
                byte[] answer = domain.get().accept(token).answer();
                exchange.getResponseHeaders()
                        .add("WWW-Authenticate", scheme + Base64.getEncoder().encodeToString(answer));
                return true;
            }
        } catch (GSSException e) {
            exchange.getResponseHeaders().add("X-Reason", String.valueOf(e.getMessage()));
        }
        exchange.getResponseHeaders().add("WWW-Authenticate", "Negotiate");
        return false;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            byte[] request = in.readAllBytes();
            if (!isAllowed(exchange)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            WsManProtocol.Response response = protocol.answer(request);
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/soap+xml;charset=UTF-8");
            exchange.sendResponseHeaders(response.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body, 0, isHalf(request) || stalls ? body.length / 2 : body.length);
                out.flush();
                for (int i = 0; stalls && i < 200; i++) {
                    pause();
                }
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
