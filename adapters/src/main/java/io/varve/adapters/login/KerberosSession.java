package io.varve.adapters.login;

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
import org.ietf.jgss.GSSException;

/** An account that is logged on to its domain, and logs on again before its ticket ends. One thread at a time. */
public final class KerberosSession implements Closeable {
    /** A ticket with less than this left is replaced before it is used. */
    private static final Duration LEAST_LEFT = Duration.ofMinutes(5);

    private final Login login;
    private final KerberosFault faults;
    private LoginContext session;

    /**
     * Sends nothing yet.
     *
     * @param login not {@link Login.Basic}; its password is wiped by {@link #close}
     * @param service what the tickets are for, in messages: {@code HTTP}, {@code cifs}
     * @param host the host that they are for, in messages
     */
    public KerberosSession(Login login, String service, String host) {
        this.login = login;
        this.faults = new KerberosFault(login, service, host);
    }

    /** A step of a logon to a host. */
    @FunctionalInterface
    public interface Step<T> {
        T take() throws GSSException;
    }

    /**
     * Takes a step with the account's ticket.
     *
     * @throws IOException when there is none, or it does not do, with advice
     */
    public <T> T as(Step<T> step) throws IOException {
        PrivilegedExceptionAction<T> action = step::take;
        try {
            return Subject.doAs(subject(), action);
        } catch (PrivilegedActionException e) {
            throw faults.of(e.getException());
        }
    }

    /**
     * The account with a ticket that will not end soon.
     *
     * @throws IOException when there is none, with advice
     */
    public Subject subject() throws IOException {
        if (session == null || end(session.getSubject()).isBefore(Instant.now().plus(LEAST_LEFT))) {
            session = logOn();
        }
        return session.getSubject();
    }

    /** What went wrong in a step that somebody else took with {@link #subject}, with advice. */
    public IOException fault(Exception failure) {
        return faults.of(failure);
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
