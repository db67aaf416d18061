package io.varve.store.backend;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what requests a backend has sent, for the bill of the service. Thread-safe. */
public final class Traffic {
    /** Kinds of requests that services charge differently. */
    public enum Kind {
        /** Objects stored. */
        PUT,
        /** Objects or parts of them read. */
        GET,
        /** Lengths asked for. */
        HEAD,
        /** Pages of lists. */
        LIST,
        /** Objects copied within the bucket. */
        COPY,
        /** Objects deleted. */
        DELETE
    }

    private final Map<Kind, LongAdder> requests = new EnumMap<>(Kind.class);
    private final LongAdder retries = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    public Traffic() {
        for (Kind kind : Kind.values()) {
            requests.put(kind, new LongAdder());
        }
    }

    /** Counts a request that is about to be sent. */
    public void count(Kind kind, boolean isRetry) {
        requests.get(kind).increment();
        if (isRetry) {
            retries.increment();
        }
    }

    public void sent(long bytes) {
        sent.add(bytes);
    }

    public void received(long bytes) {
        received.add(bytes);
    }

    /** Requests of a kind so far, repeated ones included. */
    public long requests(Kind kind) {
        return requests.get(kind).sum();
    }

    /** How many of all requests were repeated ones. */
    public long retries() {
        return retries.sum();
    }

    /** Bytes of bodies sent. */
    public long bytesSent() {
        return sent.sum();
    }

    /** Bytes of bodies received. */
    public long bytesReceived() {
        return received.sum();
    }
}
