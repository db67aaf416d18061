package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimException.Kind;
import io.varve.adapters.login.Login;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.MessageProp;

/**
 * Requests over HTTP, each sealed by Kerberos. Account and host prove who they are when the connection is made; nothing
 * is sent before that, and no answer is read that is not sealed.
 */
final class SealedPost implements Post {
    /** Longer than the time that a request gives the host to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** More than was asked for: servers count the envelope differently. */
    private static final int LARGEST = 16 << 20;

    /** A connection that was idle for longer is replaced: the host may be about to close it. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

    private static final String SCHEME = "Negotiate ";
    private static final int MOST_LEGS = 5;

    private final HostAddress address;
    private final Kerberos kerberos;
    private Optional<Session> session = Optional.empty();

    /** By {@link System#nanoTime}, of the session. */
    private long lastUse;

    /**
     * @param login taken over: its password is wiped by {@link #close}
     * @throws IllegalArgumentException when the login cannot seal, or needs another kind of name for the host
     */
    SealedPost(HostAddress address, Login login) {
        if (login instanceof Login.Basic) {
            throw new IllegalArgumentException("a local account's password is sent as it is, so only over HTTPS: leave"
                    + " out http://, or use an account of a domain (Kerberos)");
        }
        this.address = address;
        this.kerberos = new Kerberos(login, address);
    }

    /** A connection that is logged on. */
    private record Session(HttpConnection connection, GSSContext context) {}

    @Override
    public String url() {
        return address.uri().toString();
    }

    @Override
    public Reply send(byte[] message) throws IOException {
        if (System.nanoTime() - lastUse > LONGEST_IDLE.toNanos()) {
            end();
        }
        if (session.isPresent()) {
            Optional<Reply> reply = ask(session.get(), message);
            if (reply.isPresent()) {
                return reply.get();
            }
            // The host forgot the logon, and so did not look at the request: once more, with a new one.
        }
        session = Optional.of(logOn());
        return ask(session.get(), message)
                .orElseThrow(() -> new CimException(
                        Kind.DENIED,
                        401,
                        url() + ": the host refused a request of an account that it has just let in"));
    }

    /** @return empty if the host wants a new logon */
    private Optional<Reply> ask(Session current, byte[] message) throws IOException {
        boolean isOpen = false;
        try {
            HttpAnswer answer = current.connection()
                    .post(Map.of("Content-Type", SealedBody.CONTENT_TYPE), seal(current.context(), message));
            if (answer.status() == 401) {
                return Optional.empty();
            }
            byte[] plain = open(current.context(), answer);
            lastUse = System.nanoTime();
            isOpen = answer.keepsOpen();
            return Optional.of(new Reply(answer.status(), new ByteArrayInputStream(plain)));
        } finally {
            if (!isOpen) {
                end();
            }
        }
    }

    private Session logOn() throws IOException {
        HttpConnection connection = HttpConnection.open(address, PATIENCE, LARGEST);
        boolean isDone = false;
        try {
            GSSContext context = begin(kerberos);
            prove(connection, context);
            lastUse = System.nanoTime();
            isDone = true;
            return new Session(connection, context);
        } finally {
            if (!isDone) {
                connection.close();
            }
        }
    }

    /** A logon in which both sides prove who they are, for messages that are sealed and stay in order. */
    static GSSContext begin(Kerberos kerberos) throws IOException {
        return kerberos.as(() -> {
            GSSContext context = kerberos.context();
            context.requestMutualAuth(true);
            context.requestConf(true);
            context.requestInteg(true);
            context.requestReplayDet(true);
            context.requestSequenceDet(true);
            return context;
        });
    }

    private void prove(HttpConnection connection, GSSContext context) throws IOException {
        byte[] token = step(context, new byte[0]);
        for (int leg = 0; leg < MOST_LEGS && token.length > 0; leg++) {
            HttpAnswer answer = connection.post(
                    Map.of(
                            "Content-Type",
                            "application/soap+xml;charset=UTF-8",
                            "Authorization",
                            SCHEME + Base64.getEncoder().encodeToString(token)),
                    new byte[0]);
            Optional<byte[]> reply = token(answer);
            if (reply.isEmpty() || !answer.keepsOpen()) {
                throw refused(answer);
            }
            token = context.isEstablished() ? new byte[0] : step(context, reply.get());
        }
        if (!context.isEstablished() || !context.getConfState() || !context.getMutualAuthState()) {
            throw new CimException(
                    Kind.DENIED, 0, url() + ": the host did not prove who it is, or does not seal messages");
        }
    }

    private byte[] step(GSSContext context, byte[] token) throws IOException {
        return Optional.ofNullable(kerberos.as(() -> context.initSecContext(token, 0, token.length)))
                .orElse(new byte[0]);
    }

    private static Optional<byte[]> token(HttpAnswer answer) {
        return answer.all("WWW-Authenticate").stream()
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip())
                .filter(value -> !value.isEmpty() && value.matches("[A-Za-z0-9+/]+=*"))
                .findFirst()
                .flatMap(SealedPost::decoded);
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // as if there were none
        }
    }

    private static byte[] seal(GSSContext context, byte[] message) throws IOException {
        try {
            MessageProp sealed = new MessageProp(0, true);
            byte[] token = context.wrap(message, 0, message.length, sealed);
            if (!sealed.getPrivacy()) {
                throw new IOException("Kerberos did not seal the message");
            }
            return SealedBody.of(token, message.length);
        } catch (GSSException e) {
            throw new IOException("cannot seal the message: " + e.getMessage(), e);
        }
    }

    private byte[] open(GSSContext context, HttpAnswer answer) throws IOException {
        Optional<String> type = answer.header("Content-Type");
        if (!SealedBody.isSealed(type)) {
            throw CimException.answer(url() + ": expected a sealed answer, found HTTP status " + answer.status() + ", "
                    + type.orElse("no content type"));
        }
        try {
            SealedBody.Sealed sealed = parsed(answer.body());
            MessageProp found = new MessageProp(0, false);
            byte[] plain = context.unwrap(sealed.token(), 0, sealed.token().length, found);
            boolean isInOrder =
                    !found.isDuplicateToken() && !found.isOldToken() && !found.isUnseqToken() && !found.isGapToken();
            if (!found.getPrivacy() || !isInOrder || plain.length != sealed.plainLength()) {
                throw CimException.answer(url()
                        + ": an answer that is not sealed, not in its turn, or of another length" + " than it says");
            }
            return plain;
        } catch (GSSException e) {
            throw (IOException) CimException.answer(url() + ": the seal of an answer does not fit: " + e.getMessage())
                    .initCause(e);
        }
    }

    private SealedBody.Sealed parsed(byte[] body) throws IOException {
        try {
            return SealedBody.parse(body);
        } catch (IOException e) {
            throw (IOException)
                    CimException.answer(url() + ": " + e.getMessage()).initCause(e);
        }
    }

    private CimException refused(HttpAnswer answer) {
        List<String> offered = answer.all("WWW-Authenticate");
        return new CimException(
                Kind.DENIED,
                answer.status(),
                url() + ": the host refused the logon (HTTP status " + answer.status() + "); "
                        + (offered.stream().anyMatch(value -> value.regionMatches(true, 0, "Negotiate", 0, 9))
                                ? "does the name " + address.host() + " belong to this host (setspn -Q HTTP/"
                                        + address.host() + "), and is its clock right?"
                                : "it offers " + (offered.isEmpty() ? "no way to log on" : String.join(", ", offered))
                                        + ", not Negotiate"));
    }

    private void end() throws IOException {
        Optional<Session> ended = session;
        session = Optional.empty();
        if (ended.isPresent()) {
            ended.get().connection().close();
            try {
                ended.get().context().dispose();
            } catch (GSSException e) {
                throw new IOException("cannot forget the keys of a logon: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } finally {
            kerberos.close();
        }
    }
}
