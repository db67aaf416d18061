package io.varve.adapters.hyperv.wsman;

import java.io.IOException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;

/** Tickets for {@code HTTP/host}, in the form that HTTP's Negotiate carries (RFC 4559, SPNEGO). */
final class Kerberos {
    private static final String SPNEGO = "1.3.6.1.5.5.2";

    private Kerberos() {}

    /**
     * The first and only token of a logon; valid once.
     *
     * @throws IOException when there is no ticket, with advice
     */
    static byte[] token(String host) throws IOException {
        try {
            GSSManager manager = GSSManager.getInstance();
            GSSName service = manager.createName("HTTP@" + host, GSSName.NT_HOSTBASED_SERVICE);
            GSSContext context = manager.createContext(service, new Oid(SPNEGO), null, GSSContext.DEFAULT_LIFETIME);
            try {
                context.requestMutualAuth(false); // TLS says who the host is
                context.requestCredDeleg(false);
                return context.initSecContext(new byte[0], 0, 0);
            } finally {
                context.dispose();
            }
        } catch (GSSException e) {
            throw new IOException(
                    "no Kerberos ticket for HTTP/" + host + ": " + e.getMessage()
                            + ". Log on to the domain first (kinit USER@DOMAIN), and use the host's full name",
                    e);
        }
    }
}
