package io.varve.store.s3;

import java.io.IOException;
import java.util.Set;

/**
 * What the service says went wrong.
 *
 * @param status of HTTP
 * @param code of S3; empty if the answer has none, as that to a HEAD
 * @param message of the service, for people; may be empty
 */
record S3Error(int status, String code, String message) {
    private static final int LONGEST_MESSAGE = 300;

    private static final Set<String> TRANSIENT = Set.of(
            "RequestTimeout",
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "InternalError",
            "ServiceUnavailable",
            "OperationAborted",
            "ConditionalRequestConflict",
            "BadDigest",
            "XAmzContentSHA256Mismatch");

    private static final Set<String> CREDENTIALS = Set.of(
            "ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired", "InvalidAccessKeyId");

    static S3Error decode(int status, byte[] body) {
        String code = "";
        String message = "";
        if (body.length > 0) {
            try {
                S3Xml xml = S3Xml.read(body);
                code = xml.first("Code");
                message = xml.first("Message");
            } catch (IOException e) {
                code = ""; // a proxy in between answers in HTML: the status has to do
            }
        }
        return new S3Error(status, code, message);
    }

    /** Whether the same request may succeed a little later. */
    boolean mayPass() {
        return status != 501
                && status != 505
                && (status == 409 || status == 429 || status == 408 || status / 100 == 5 || TRANSIENT.contains(code));
    }

    /** Whether the request may have taken effect in spite of the answer. */
    boolean mayHaveTakenEffect() {
        return status / 100 == 5 && status != 501 && status != 505;
    }

    boolean isOfCredentials() {
        return CREDENTIALS.contains(code);
    }

    boolean isOfClock() {
        return code.equals("RequestTimeTooSkewed");
    }

    /** As a part of a sentence, safe to print. */
    String text() {
        String said = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
        String clean = said.replaceAll("\\p{C}", "?").strip();
        String name = code.isEmpty() ? "HTTP status " + status : "HTTP status " + status + ", " + code;
        return clean.isEmpty() ? name : name + ": " + clean;
    }
}
