package io.varve.adapters.hyperv.standin;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/** The host's side of a logon by Negotiate: the JDK's, with a key of the domain. Thread-safe. */
public final class NegotiateAcceptor {
    private final Subject subject;
    private final Set<String> seen = new HashSet<>();
    private final List<String> accounts = new ArrayList<>();

    NegotiateAcceptor(String principal, Path keytab) throws IOException {
        Map<String, String> options = Map.of(
                "principal",
                principal,
                "useKeyTab",
                "true",
                "keyTab",
                keytab.toString(),
                "storeKey",
                "true",
                "isInitiator",
                "false",
                "refreshKrb5Config",
                "true");
        Configuration configuration = new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "com.sun.security.auth.module.Krb5LoginModule",
                            AppConfigurationEntry.LoginModuleControlFlag.REQUIRED,
                            options)
                };
            }
        };
        try {
            LoginContext login = new LoginContext("host", new Subject(), callbacks -> {}, configuration);
            login.login();
            subject = login.getSubject();
        } catch (LoginException e) {
            throw new IOException(e);
        }
    }

    /** A logon: what to answer, and what remains of it. */
    static final class Step {
        private final GSSContext context;
        private final byte[] answer;

        private Step(GSSContext context, byte[] answer) {
            this.context = context;
            this.answer = answer;
        }

        GSSContext context() {
            return context;
        }

        byte[] answer() {
            return answer;
        }
    }

    /** @param token of the first step; Kerberos needs no other */
    synchronized Step accept(byte[] token) throws GSSException {
        if (!seen.add(Base64.getEncoder().encodeToString(token))) {
            throw new GSSException(GSSException.DUPLICATE_TOKEN);
        }
        PrivilegedExceptionAction<Step> action = () -> {
            GSSManager manager = GSSManager.getInstance();
            Oid[] mechanisms = {new Oid("1.3.6.1.5.5.2"), new Oid("1.2.840.113554.1.2.2")};
            GSSContext context = manager.createContext(manager.createCredential(
                    null, GSSCredential.DEFAULT_LIFETIME, mechanisms, GSSCredential.ACCEPT_ONLY));
            byte[] answer = context.acceptSecContext(token, 0, token.length);
            accounts.add(context.getSrcName().toString());
            return new Step(context, answer == null ? new byte[0] : answer);
        };
        try {
            return Subject.doAs(subject, action);
        } catch (PrivilegedActionException e) {
            throw (GSSException) e.getException();
        }
    }

    /** Whose logons succeeded, one for each. */
    public synchronized List<String> accounts() {
        return List.copyOf(accounts);
    }
}
