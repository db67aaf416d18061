package jcifs.smb;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import jcifs.Address;
import jcifs.CIFSContext;
import jcifs.CIFSException;
import jcifs.internal.smb2.ServerMessageBlock2Request;
import jcifs.internal.smb2.Smb2EchoRequest;
import jcifs.internal.smb2.Smb2SigningDigest;
import jcifs.internal.smb2.nego.Smb2NegotiateRequest;
import jcifs.internal.smb2.nego.Smb2NegotiateResponse;
import jcifs.util.transport.Response;
import jcifs.util.transport.TransportSeam;

/**
 * A connection of jcifs-ng with one session on it, for requests of our own. The library offers both in public, but
 * keeps to its package what is needed to do without its trees, which do not verify what the server answers: sending
 * past them, the session's signing key, what was negotiated, and message ids for requests that cost several credits.
 * For any number of threads.
 */
public final class SessionSeam {
    private final CIFSContext context;
    private final SmbTransportImpl transport;
    private final SmbSessionImpl session;

    private SessionSeam(CIFSContext context, SmbTransportImpl transport, SmbSessionImpl session) {
        this.context = context;
        this.transport = transport;
        this.session = session;
    }

    /**
     * Prepares a connection of its own, which nothing else uses; the first request opens it.
     *
     * @param host the server's name, as tickets have it
     */
    public static SessionSeam of(CIFSContext context, Address address, int port, String host) {
        SmbTransportImpl transport = context.getTransportPool()
                .getSmbTransport(context, address, port, true, true)
                .unwrap(SmbTransportImpl.class);
        return new SessionSeam(context, transport, transport.getSmbSession(context, host, null));
    }

    /** Connects, negotiates and logs on, if that was not done yet, then sends the request. */
    public void logOnAndSend(ServerMessageBlock2Request<?> request) throws CIFSException {
        session.send(request, null);
    }

    /** Sends a request; its digest and session must be set. Nothing is done about a session that has ended. */
    public void send(ServerMessageBlock2Request<?> request) throws CIFSException {
        transport.send(request, null, EnumSet.noneOf(RequestParam.class));
    }

    /** Has what the server sends without being asked taken by {@code answer}, while the connection lives. */
    public void listen(Response answer) {
        TransportSeam.listen(transport, answer);
    }

    /** What signs and verifies; empty when the server gave a session without a key, as for guests. */
    public Optional<Smb2SigningDigest> digest() throws CIFSException {
        return Optional.ofNullable((Smb2SigningDigest) session.getDigest());
    }

    /** What the server said when the connection was opened. */
    public Smb2NegotiateResponse negotiated() throws CIFSException {
        return (Smb2NegotiateResponse) transport.getNegotiateResponse();
    }

    /** What this side said then, made again. */
    public Smb2NegotiateRequest offered() {
        return new Smb2NegotiateRequest(context.getConfig(), transport.getRequestSecurityMode(null));
    }

    /** Passes over message ids, which a request that costs several credits uses up (MS-SMB2 3.2.4.1.5). */
    public void skipIds(int count) {
        try {
            for (int i = 0; i < count; i++) {
                transport.makeKey(new Smb2EchoRequest(context.getConfig()));
            }
        } catch (IOException e) {
            throw new IllegalStateException("a counter cannot fail", e);
        }
    }

    public boolean isDisconnected() {
        return transport.isDisconnected();
    }

    /** Ends the connection at once; requests that wait for an answer fail. */
    public void disconnect() throws IOException {
        transport.disconnect(true, true);
    }
}
