package io.varve.adapters.hyperv.wsman;

import java.net.URI;

/**
 * Where a host's WinRM listens.
 *
 * @param secure HTTPS, not HTTP
 * @param host name, IPv4 address, or IPv6 address in brackets
 */
record HostAddress(boolean secure, String host, int port) {
    private static final int HTTPS_PORT = 5986;
    private static final int HTTP_PORT = 5985;

    /**
     * Understands HOST or HOST:PORT, for HTTPS, with {@code https://} or {@code http://} before it or not.
     *
     * @throws IllegalArgumentException for anything else
     */
    static HostAddress parse(String text) {
        boolean secure = !text.startsWith("http://");
        String place = text.replaceFirst("^https?://", "");
        if (!place.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")) {
            throw new IllegalArgumentException("expected HOST, HOST:PORT or http://HOST:PORT, found '" + text + "'");
        }
        int colon = place.endsWith("]") ? -1 : place.lastIndexOf(':');
        String host = colon < 0 ? place : place.substring(0, colon);
        int port = colon < 0 ? secure ? HTTPS_PORT : HTTP_PORT : Integer.parseInt(place.substring(colon + 1));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 1 to 65535, found " + port);
        }
        return new HostAddress(secure, host, port);
    }

    /** Whether it is a number; Kerberos knows hosts by name only. */
    boolean isNumeric() {
        return host.startsWith("[") || host.matches("[0-9.]+");
    }

    URI uri() {
        return URI.create((secure ? "https://" : "http://") + host + ":" + port + "/wsman");
    }
}
