package io.varve.engine.source;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.SourceException;
import java.util.Optional;

/**
 * A change tracker that always answers: what it throws is {@link Changes.Unknown} with the code {@link #FAILED}, since
 * a list that cannot be had costs a full read and nothing else. Its tokens are asked once, at the beginning. Threading
 * as {@link ChangeTracker}.
 */
public final class GuardedTracker implements ChangeTracker {
    /** Code of a disk that is read whole because its tracker failed. */
    public static final String FAILED = "change-tracking-failed";

    private final ChangeTracker tracker;
    private final Optional<String> token;
    private final Optional<String> baseToken;
    private final boolean tokensNameContent;
    private final Optional<String> fault;

    public GuardedTracker(ChangeTracker tracker) {
        this.tracker = tracker;
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

    /** Why no token could be had, so that there is no list either; empty when nothing failed. */
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
            if (changes == null || changes instanceof Changes.Known known && known.ranges() == null) {
                return new Changes.Unknown(FAILED, "the change tracking failed: expected an answer, found none");
            }
            return changes;
        } catch (Exception | Error e) {
            return new Changes.Unknown(FAILED, failed(e));
        }
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
    public boolean tokensNameContent() {
        return tokensNameContent;
    }
}
