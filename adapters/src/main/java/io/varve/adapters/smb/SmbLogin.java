package io.varve.adapters.smb;

import io.varve.adapters.login.DomainAccount;
import io.varve.adapters.login.KerberosSession;
import io.varve.adapters.login.Login;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import javax.security.auth.Subject;
import jcifs.Credentials;
import jcifs.smb.Kerb5Authenticator;
import jcifs.smb.NtlmPasswordAuthenticator;

/**
 * How to log on to a server: {@code USER@DOMAIN} and tickets by Kerberos, {@code USER} and {@code DOMAIN\USER} by NTLM
 * version 2. Belongs to one server. One thread at a time.
 */
public final class SmbLogin implements Closeable {
    private final String who;
    private final Optional<Login> kerberos;
    private final Optional<Credentials> ntlm;
    private Optional<KerberosSession> session = Optional.empty();

    private SmbLogin(String who, Optional<Login> kerberos, Optional<Credentials> ntlm) {
        this.who = who;
        this.kerberos = kerberos;
        this.ntlm = ntlm;
    }

    /**
     * An account with its password.
     *
     * @param password copied
     * @throws IllegalArgumentException when the account is written in none of these ways
     */
    public static SmbLogin byPassword(String user, char[] password) {
        int backslash = user.indexOf('\\');
        if (backslash < 0 && user.indexOf('@') >= 0) {
            DomainAccount account = DomainAccount.parse(user);
            String principal = account.user() + "@" + account.realm().orElseThrow();
            return new SmbLogin(user, Optional.of(new Login.Domain(principal, password.clone())), Optional.empty());
        }
        String name = user.substring(backslash + 1);
        String domain = backslash < 0 ? "" : user.substring(0, backslash);
        if (name.isEmpty() || backslash == 0) {
            throw new IllegalArgumentException("expected USER, DOMAIN\\USER or USER@DOMAIN, found '" + user + "'");
        }
        Credentials credentials =
                new NtlmPasswordAuthenticator(domain.equals(".") ? "" : domain, name, new String(password));
        return new SmbLogin(user, Optional.empty(), Optional.of(credentials));
    }

    /** The ticket of this session, or of a cache. */
    public static SmbLogin byTicket(Login.Ticket ticket) {
        return new SmbLogin("the account of the Kerberos ticket", Optional.of(ticket), Optional.empty());
    }

    /** The account in messages. */
    String who() {
        return who;
    }

    /**
     * What a new connection needs.
     *
     * @throws IOException when there is no ticket, with advice
     */
    Credentials credentials(String host) throws IOException {
        if (ntlm.isPresent()) {
            return ntlm.get();
        }
        if (session.isEmpty()) {
            session = Optional.of(new KerberosSession(kerberos.orElseThrow(), "cifs", host));
        }
        Subject subject = session.get().subject();
        return new Kerb5Authenticator(subject);
    }

    /** A failure of a logon with these credentials, with advice if Kerberos knows any. */
    IOException explained(IOException failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < 10; i++, cause = cause.getCause()) {
            if (session.isPresent() && cause instanceof org.ietf.jgss.GSSException gss) {
                return session.get().fault(gss);
            }
        }
        return failure;
    }

    @Override
    public void close() throws IOException {
        kerberos.ifPresent(Login::wipe);
        if (session.isPresent()) {
            session.get().close();
        }
    }
}
