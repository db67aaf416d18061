package io.varve.engine.source;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.SourceException;
import java.util.Optional;

/**
 * Wraps a change tracker so that it always answers. An exception becomes {@link Changes.Unknown} with the code
 * {@link #FAILED}, because a missing change list costs a full read and nothing else. What does not change, and tokens,
 * are queried once, at the beginning. Threading as {@link ChangeTracker}.
 */
public final class GuardedTracker implements ChangeTracker {
    /** Reason code of a disk that is read whole because its tracker failed. */
    public static final String FAILED = "change-tracking-failed";

    private final ChangeTracker tracker;
    private Optional<String> token;
    private final Optional<String> baseToken;
    private final boolean tokensNameContent;
    private final boolean readsUnchanged;
    private volatile Optional<String> fault;

    /**
     * @throws SourceException if it does not say where unchanged blocks come from. Without that answer, reading the
     *     disk in full could rely on a snapshot that must not be relied on.
     */
    public GuardedTracker(ChangeTracker tracker) throws SourceException {
        this.tracker = tracker;
        this.readsUnchanged = SourceCall.get("change list", tracker::readsUnchanged);
        Optional<String> asked = Optional.empty();
        Optional<String> base = Optional.empty();
        boolean names = false;
        Optional<String> failure = Optional.empty();
        try {
            asked = SourceCall.require("token", tracker::token);
            base = SourceCall.require("base token", tracker::baseToken);
            names = SourceCall.get("token", tracker::tokensNameContent);
        } catch (SourceException e) {
            failure = Optional.of(failed(e));
        }
        boolean sound = failure.isEmpty();
        this.token = sound ? asked : Optional.empty();
        this.baseToken = sound ? base : Optional.empty();
        this.tokensNameContent = sound && names;
        this.fault = failure;
    }

    private static String failed(Throwable failure) {
        return "the change tracking failed: " + SourceCall.reason(failure);
    }

    /** Asks for the token of the frozen state again, once everything was read; a failure costs the token. */
    void finishReading() {
        if (fault.isEmpty()) {
            try {
                token = SourceCall.require("token", tracker::token);
            } catch (SourceException e) {
                fault = Optional.of(failed(e));
                token = Optional.empty();
            }
        }
    }

    /** Returns what has failed so far, tokens or list; empty if nothing did. */
    public Optional<String> fault() {
        return fault;
    }

    @Override
    public Changes changesSince(String since) {
        if (fault.isPresent()) {
            return new Changes.Unknown(FAILED, fault.get());
        }
        try {
            Changes changes = tracker.changesSince(since);
            if (changes != null && !(changes instanceof Changes.Known known && known.ranges() == null)) {
                return changes;
            }
            fault = Optional.of("the change tracking failed: expected an answer, found none");
        } catch (Exception | Error e) {
            fault = Optional.of(failed(e));
        }
        return new Changes.Unknown(FAILED, fault.get());
    }

    @Override
    public Optional<String> token() {
        return token;
    }

    @Override
    public Optional<String> baseToken() {
        return baseToken;
    }

    @Override
    public boolean readsUnchanged() {
        return readsUnchanged;
    }

    @Override
    public boolean tokensNameContent() {
        return tokensNameContent;
    }
}
