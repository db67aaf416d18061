package io.varve.adapters.hyperv.wsman;

import java.util.Objects;

/** How to log on to a host. */
public sealed interface Login {
    /**
     * User name and password in each request; only over TLS. For hosts outside a domain whose WinRM allows it
     * ({@code winrm set winrm/config/service/auth @{Basic="true"}}).
     */
    final class Basic implements Login {
        private final String user;
        private final char[] password;

        /** @param password kept, not copied; whoever made it may clear it when the connection is closed */
        public Basic(String user, char[] password) {
            this.user = Objects.requireNonNull(user);
            this.password = Objects.requireNonNull(password);
        }

        String user() {
            return user;
        }

        char[] password() {
            return password;
        }
    }

    /** Kerberos with the ticket that the operating system's cache holds ({@code kinit}). */
    final class Ticket implements Login {}
}
