package io.varve.engine.backup;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.range.RangeSet;
import java.util.Optional;

/** A change tracker that answers what the test says, true or not. */
record TestTracker(Optional<String> since, Changes answer, Optional<String> token) implements ChangeTracker {
    static TestTracker known(String since, RangeSet ranges, String token) {
        return new TestTracker(Optional.of(since), new Changes.Known(ranges), Optional.of(token));
    }

    static TestTracker tokenOnly(String token) {
        return new TestTracker(Optional.empty(), new Changes.Unknown("no-change-tracking", "none"), Optional.of(token));
    }

    @Override
    public Changes changesSince(String base) {
        return since.isPresent() && !since.get().equals(base)
                ? new Changes.Unknown("token-mismatch", "expected " + since.get() + ", found " + base)
                : answer;
    }

    @Override
    public Optional<String> baseToken() {
        return since;
    }
}
