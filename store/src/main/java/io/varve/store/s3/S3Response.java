package io.varve.store.s3;

import java.net.http.HttpHeaders;
import java.util.Optional;

/** An answer of the service. */
final class S3Response {
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final int filled;

    /**
     * @param body bytes that went into no target
     * @param filled bytes that were put into the target
     */
    S3Response(int status, HttpHeaders headers, byte[] body, int filled) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.filled = filled;
    }

    int status() {
        return status;
    }

    boolean succeeded() {
        return status / 100 == 2;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    byte[] body() {
        return body;
    }

    int filled() {
        return filled;
    }

    /** The error that the body names; its code is empty if the answer has none. */
    S3Error error() {
        return S3Error.decode(status, body);
    }
}
