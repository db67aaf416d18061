package io.varve.adapters.login;

import java.util.Locale;
import java.util.Optional;
import javax.security.auth.kerberos.KerberosPrincipal;

/**
 * An account as Windows writes it.
 *
 * @param realm the Kerberos realm of its domain: the domain's DNS name in capitals; empty for a local account of the
 *     host
 */
public record DomainAccount(String user, Optional<String> realm) {
    /**
     * Understands {@code USER}, {@code .\USER}, {@code USER@DOMAIN} and {@code DOMAIN\USER}.
     *
     * @throws IllegalArgumentException when it is none of these, or DOMAIN is a short name whose realm is unknown here
     */
    public static DomainAccount parse(String text) {
        int backslash = text.indexOf('\\');
        int at = text.lastIndexOf('@');
        DomainAccount account = backslash >= 0
                ? withDomainFirst(text.substring(0, backslash), text.substring(backslash + 1))
                : at >= 0
                        ? new DomainAccount(text.substring(0, at), Optional.of(realm(text.substring(at + 1))))
                        : new DomainAccount(text, Optional.empty());
        if (account.user.isEmpty() || account.realm.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException("expected USER, USER@DOMAIN or DOMAIN\\USER, found '" + text + "'");
        }
        return account;
    }

    private static DomainAccount withDomainFirst(String domain, String user) {
        if (domain.equals(".")) {
            return new DomainAccount(user, Optional.empty());
        }
        if (domain.contains(".")) {
            return new DomainAccount(user, Optional.of(realm(domain)));
        }
        // Short names are Windows' own; Kerberos knows only the one that begins the realm of this computer.
        Optional<String> realm = defaultRealm();
        if (domain.isEmpty() || realm.isEmpty() || !realm.get().split("\\.")[0].equalsIgnoreCase(domain)) {
            throw new IllegalArgumentException("cannot tell the Kerberos realm of the domain '" + domain + "' ("
                    + realm.map(name -> "this computer's default realm is " + name)
                            .orElse("this computer has no default realm")
                    + "); write " + user + "@DOMAIN with the domain's DNS name, or " + user
                    + " alone for a local account of the host");
        }
        return new DomainAccount(user, realm);
    }

    private static String realm(String domain) {
        return domain.toUpperCase(Locale.ROOT);
    }

    private static Optional<String> defaultRealm() {
        try {
            return Optional.ofNullable(new KerberosPrincipal("varve").getRealm())
                    .filter(name -> !name.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // says that there is none
        }
    }
}
