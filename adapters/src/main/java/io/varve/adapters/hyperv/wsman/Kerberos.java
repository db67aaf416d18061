package io.varve.adapters.hyperv.wsman;

import java.io.Closeable;
import java.io.IOException;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
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

    /** A ticket with less than this left is replaced before it is used. */
    private static final Duration LEAST_LEFT = Duration.ofMinutes(5);

    private final Login login;
    private final String host;
    private final KerberosFault faults;
    private LoginContext session;

    /**
     * @param login not {@link Login.Basic}; its password is wiped by {@link #close}
     * @throws IllegalArgumentException when the host is given as a number
     */
    Kerberos(Login login, HostAddress address) {
        if (address.isNumeric()) {
            throw new IllegalArgumentException(
                    "Kerberos knows hosts by name: give the full name that " + address.host() + " has in the domain");
        }
        this.login = login;
        this.host = address.host();
        this.faults = new KerberosFault(login, host);
    }

    /** A step of a logon. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws GSSException;
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

    /** A logon to the host that has not begun; called in a {@link Step}. */
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
    <T> T as(Step<T> step) throws IOException {
        PrivilegedExceptionAction<T> action = step::take;
        try {
            return Subject.doAs(subject(), action);
        } catch (PrivilegedActionException e) {
            throw faults.of(e.getException());
        }
    }

    private Subject subject() throws IOException {
        if (session == null || end(session.getSubject()).isBefore(Instant.now().plus(LEAST_LEFT))) {
            session = logOn();
        }
        return session.getSubject();
    }

    private LoginContext logOn() throws IOException {
        KerberosLogin configuration = new KerberosLogin(login);
        try {
            LoginContext context = new LoginContext("varve", new Subject(), configuration.answers(), configuration);
            context.login();
            return context;
        } catch (LoginException e) {
            throw faults.of(e);
        }
    }

    /** When the ticket that gets all others ends; never, if the operating system keeps it to itself. */
    private static Instant end(Subject subject) {
        Optional<KerberosTicket> first = subject.getPrivateCredentials(KerberosTicket.class).stream()
                .filter(ticket ->
                        !ticket.isDestroyed() && ticket.getServer().getName().startsWith("krbtgt/"))
                .findFirst();
        return first.map(ticket -> ticket.getEndTime().toInstant()).orElse(Instant.MAX);
    }

    @Override
    public void close() throws IOException {
        login.wipe();
        if (session != null) {
            try {
                session.logout();
            } catch (LoginException e) {
                throw new IOException("cannot forget the Kerberos ticket: " + e.getMessage(), e);
            }
        }
    }
}
