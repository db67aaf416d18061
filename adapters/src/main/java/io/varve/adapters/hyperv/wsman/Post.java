package io.varve.adapters.hyperv.wsman;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Sends one request to a host and returns its answer; authenticates as it sees fit. One thread at a time. */
interface Post extends Closeable {
    /** URL of the host, for messages and as the request's destination. */
    String url();

    /**
     * Sends a message and waits for the answer.
     *
     * @param message a SOAP envelope in UTF-8
     * @throws IOException when the host cannot be reached or refuses the account, with advice
     */
    Reply send(byte[] message) throws IOException;

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param body a SOAP envelope, or what an HTTP server says; in memory
     */
    record Reply(int status, InputStream body) {}
}
