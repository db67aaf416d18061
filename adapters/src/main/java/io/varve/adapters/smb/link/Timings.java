package io.varve.adapters.smb.link;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param connecting until the connection is open and negotiated
 * @param answering until a request is answered; a server that says that it is still at work gets as long again
 * @param recovering since a connection was lost, until the attempts to get it back end
 */
public record Timings(Duration connecting, Duration answering, Duration recovering) {
    /** A failover of a cluster takes up to a minute. */
    public static final Timings STANDARD =
            new Timings(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(120));
}
