package io.varve.adapters.login;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** How to log on to a host. Belongs to one connection, which wipes the password when it is closed. */
public sealed interface Login {
    /**
     * A login by password: {@link Domain} for {@code USER@DOMAIN} and {@code DOMAIN\USER}, otherwise {@link Basic}.
     *
     * @param password taken over, see {@link #wipe}
     * @throws IllegalArgumentException when the account's domain has no known Kerberos realm, with advice
     */
    static Login byPassword(String user, char[] password) {
        DomainAccount account = DomainAccount.parse(user);
        return account.realm().isEmpty()
                ? new Basic(account.user(), password)
                : new Domain(account.user() + "@" + account.realm().get(), password);
    }

    /** Overwrites the password, if there is one; the login is of no use afterwards. */
    default void wipe() {}

    /**
     * User name and password in each request; only over TLS. For hosts outside a domain whose WinRM allows it
     * ({@code winrm set winrm/config/service/auth @{Basic="true"}}).
     */
    final class Basic implements Login {
        private final String user;
        private final char[] password;

        /** @param password taken over, see {@link #wipe} */
        public Basic(String user, char[] password) {
            this.user = Objects.requireNonNull(user);
            this.password = Objects.requireNonNull(password);
        }

        public String user() {
            return user;
        }

        /** Not to be changed or kept. */
        public char[] password() {
            return password;
        }

        @Override
        public void wipe() {
            Arrays.fill(password, '\0');
        }
    }

    /** Kerberos with the ticket that a cache holds ({@code kinit}). */
    final class Ticket implements Login {
        private final Optional<Path> cache;

        /** The session's own cache: the file that {@code KRB5CCNAME} names, or the operating system's default. */
        public Ticket() {
            this.cache = Optional.empty();
        }

        /** @param cache file that {@code kinit -c} wrote; read again when its ticket is about to end */
        public Ticket(Path cache) {
            this.cache = Optional.of(cache);
        }

        public Optional<Path> cache() {
            return cache;
        }
    }

    /**
     * Kerberos with a ticket of its own, which the password of a domain account gets; again when it is about to end.
     */
    final class Domain implements Login {
        private final String principal;
        private final char[] password;

        /**
         * @param principal {@code user@REALM}
         * @param password taken over, see {@link #wipe}
         */
        public Domain(String principal, char[] password) {
            this.principal = Objects.requireNonNull(principal);
            this.password = Objects.requireNonNull(password);
        }

        public String principal() {
            return principal;
        }

        /** Not to be changed or kept. */
        public char[] password() {
            return password;
        }

        @Override
        public void wipe() {
            Arrays.fill(password, '\0');
        }
    }
}
