package io.varve.adapters.login;

import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What went wrong with Kerberos, and what to do. Immutable. */
final class KerberosFault {
    /** The JDK ends a message with the error number of RFC 4120 in parentheses, or follows it with the KDC's words. */
    private static final Pattern NUMBER = Pattern.compile("\\((\\d{1,3})\\)");

    private final Login login;
    private final String service;
    private final String host;

    /** @param service the class of the host's name in the domain: {@code HTTP}, {@code cifs} */
    KerberosFault(Login login, String service, String host) {
        this.login = login;
        this.service = service;
        this.host = host;
    }

    /** @param failure of the JDK's login module or of a logon */
    IOException of(Exception failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && chain.size() < 20; cause = cause.getCause()) {
            chain.add(cause);
        }
        String said = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        String message = start() + advice(chain) + " (" + said + ")";
        return isAway(chain) ? new KdcAwayException(message, failure) : new IOException(message, failure);
    }

    private String start() {
        String who = login instanceof Login.Domain domain ? " as " + domain.principal() : "";
        return "Kerberos logon to " + service + "/" + host + who + ": ";
    }

    private static boolean isAway(List<Throwable> chain) {
        return chain.stream()
                .anyMatch(cause -> cause instanceof ConnectException
                        || cause instanceof SocketTimeoutException
                        || cause instanceof PortUnreachableException
                        || cause instanceof UnknownHostException);
    }

    private String advice(List<Throwable> chain) {
        if (isAway(chain)) {
            return "the domain's KDC does not answer: can this computer reach port 88 of a domain controller? "
                    + configuration();
        }
        for (int i = chain.size() - 1; i >= 0; i--) {
            Matcher number = NUMBER.matcher(String.valueOf(chain.get(i).getMessage()));
            Optional<String> known = number.find() ? byNumber(Integer.parseInt(number.group(1))) : Optional.empty();
            if (known.isPresent()) {
                return known.get();
            }
        }
        for (Throwable cause : chain) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("KDC for realm") || message.contains("locate KDC") || message.contains("realm")) {
                return "the Kerberos realm or its KDC is unknown here. " + configuration();
            }
        }
        if (login instanceof Login.Ticket ticket) {
            return "no usable ticket"
                    + ticket.cache().map(file -> " in " + file).orElse("")
                    + ": there is none, or it has ended (klist). Log on to the domain (kinit USER@REALM). Java reads"
                    + " only caches that are files: where klist shows KEYRING: or KCM:, set KRB5CCNAME=FILE:/path for"
                    + " kinit and for varve";
        }
        return "no ticket. " + configuration();
    }

    private Optional<String> byNumber(int number) {
        return Optional.ofNullable(
                switch (number) {
                    case 6 -> "the domain does not know the account";
                    case 7 ->
                        "the domain does not know the host: use its full name in the domain; 'setspn -L HOST' on a"
                                + " domain controller must show " + service + "/" + host + " or HOST/" + host;
                    case 14 ->
                        "the KDC and this Java share no encryption type: allow AES for the accounts of user and"
                                + " host";
                    case 18 -> "the account is disabled, locked or expired";
                    case 23 -> "the account's password has expired";
                    case 24, 31 ->
                        login instanceof Login.Domain
                                ? "wrong password"
                                : "the ticket does not fit; get a new one (kinit)";
                    case 32 -> "the ticket has ended; get a new one (kinit)";
                    case 33, 37 ->
                        "the clocks differ too much: this computer's clock must be within five minutes of the"
                                + " domain controllers' (timedatectl, w32tm /query /status)";
                    case 68 -> "the account belongs to another realm than the one given";
                    default -> null;
                });
    }

    private static String configuration() {
        String file = System.getProperty("java.security.krb5.conf");
        return "See realm and KDC in "
                + (file != null ? file : "/etc/krb5.conf (on Windows krb5.ini in the Windows folder)")
                + ", or let DNS name them (_kerberos._tcp.DOMAIN)";
    }
}
