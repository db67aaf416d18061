package io.varve.adapters.login;

import java.util.HashMap;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;

/** What the JDK's Kerberos module is told, in place of a JAAS configuration file. */
final class KerberosLogin extends Configuration {
    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    private final Login login;

    KerberosLogin(Login login) {
        this.login = login;
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
        Map<String, String> options = new HashMap<>();
        options.put("refreshKrb5Config", "true"); // a corrected krb5.conf counts without a new start
        if (login instanceof Login.Domain domain) {
            options.put("principal", domain.principal());
        } else {
            options.put("useTicketCache", "true");
            options.put("doNotPrompt", "true");
        }
        if (login instanceof Login.Ticket ticket && ticket.cache().isPresent()) {
            options.put("ticketCache", ticket.cache().get().toAbsolutePath().toString());
        }
        return new AppConfigurationEntry[] {new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)
        };
    }

    /** Gives the password when it is asked for. */
    CallbackHandler answers() {
        return callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof PasswordCallback asked && login instanceof Login.Domain domain) {
                    asked.setPassword(domain.password());
                } else {
                    throw new UnsupportedCallbackException(callback);
                }
            }
        };
    }
}
