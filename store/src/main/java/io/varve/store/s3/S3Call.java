package io.varve.store.s3;

import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/** One request before it is signed. Not thread-safe; may be sent again after a failure. */
final class S3Call {
    final String method;

    /** Name of the object in the bucket; empty for the bucket itself. */
    final String key;

    /** Percent-encoded. */
    final SortedMap<String, String> query = new TreeMap<>();

    final SortedMap<String, String> headers = new TreeMap<>();

    /** What is sent; null for nothing. */
    S3Body body;

    /** Filled from position to limit with the answer's bytes if it succeeds; null to have them returned. */
    ByteBuffer target;

    S3Call(String method, String key) {
        this.method = method;
        this.key = key;
    }

    S3Call query(String name, String value) {
        query.put(Signature.encoded(name, false), Signature.encoded(value, false));
        return this;
    }

    S3Call header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    S3Call body(S3Body sent) {
        body = sent;
        return this;
    }

    S3Call into(ByteBuffer filled) {
        target = filled;
        return this;
    }
}
