package io.varve.store.s3;

import java.time.Instant;

/**
 * What requests are signed with.
 *
 * @param accessKey public name of the key
 * @param secretKey its secret; in no message
 * @param sessionToken goes with temporary keys; null for others
 * @param expiry when they end, if that is known; otherwise null
 */
record Credentials(String accessKey, String secretKey, String sessionToken, Instant expiry) {
    @Override
    public String toString() {
        return "credentials of " + accessKey;
    }
}
