package io.varve.adapters.hyperv.wsman;

import io.varve.adapters.login.KerberosSession;
import io.varve.adapters.login.Login;
import java.io.Closeable;
import java.io.IOException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;

/**
 * Logs on to a domain and proves that to one host, in the form that HTTP's Negotiate carries (RFC 4559, SPNEGO). One
 * thread at a time.
 */
final class Kerberos implements Closeable {
    private static final String SPNEGO = "1.3.6.1.5.5.2";

    private final String host;
    private final KerberosSession session;

    /**
     * @param login not {@link Login.Basic}; its password is wiped by {@link #close}
     * @throws IllegalArgumentException when the host is given as a number
     */
    Kerberos(Login login, HostAddress address) {
        if (address.isNumeric()) {
            throw new IllegalArgumentException(
                    "Kerberos knows hosts by name: give the full name that " + address.host() + " has in the domain");
        }
        this.host = address.host();
        this.session = new KerberosSession(login, "HTTP", host);
    }

    /**
     * The first and only token of a logon over TLS, which says who the host is; valid once.
     *
     * @throws IOException when there is no ticket, with advice
     */
    byte[] token() throws IOException {
        return as(() -> {
            GSSContext context = context();
            try {
                context.requestMutualAuth(false);
                return context.initSecContext(new byte[0], 0, 0);
            } finally {
                context.dispose();
            }
        });
    }

    /** A logon to the host that has not begun; called in a {@link KerberosSession.Step}. */
    GSSContext context() throws GSSException {
        GSSManager manager = GSSManager.getInstance();
        GSSName service = manager.createName("HTTP@" + host, GSSName.NT_HOSTBASED_SERVICE);
        GSSContext context = manager.createContext(service, new Oid(SPNEGO), null, GSSContext.DEFAULT_LIFETIME);
        context.requestCredDeleg(false);
        return context;
    }

    /**
     * Takes a step with the account's ticket.
     *
     * @throws IOException when there is none, or it does not do, with advice
     */
    <T> T as(KerberosSession.Step<T> step) throws IOException {
        return session.as(step);
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
