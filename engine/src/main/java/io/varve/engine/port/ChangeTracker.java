package io.varve.engine.port;

import java.io.IOException;
import java.util.Optional;

/**
 * Change-tracking axis of a source: what changed on one frozen disk since an earlier {@linkplain #token() token}. Its
 * answer is only a hint, which the engine checks (bounds, audit sample).
 */
public interface ChangeTracker {
    /**
     * What changed between the moment of {@code token} and the frozen state this tracker belongs to.
     *
     * @param token what {@link #token()} gave at an earlier checkpoint of the same disk, stored verbatim since
     * @throws IOException when it cannot tell; as with {@link Changes.Unknown}, the disk is read whole
     */
    Changes changesSince(String token) throws IOException;

    /**
     * The token of the frozen state, to be stored with the snapshot; empty when the source has none. The one that
     * counts is asked for after {@link Checkpoint#finishReading}.
     */
    Optional<String> token();

    /** The token that the change list starts from, if the source fixes it in advance; a second way to pair disks. */
    default Optional<String> baseToken() {
        return Optional.empty();
    }

    /**
     * Whether a token identifies content: equal tokens mean equal content, and the token stays the same as long as
     * nothing is written. Otherwise a token identifies a point in time, and no two points in time have the same token.
     */
    default boolean tokensNameContent() {
        return false;
    }

    /**
     * Whether blocks outside the change list are read from the source. Otherwise they come from the previous snapshot,
     * as with a differential export, and comparing them would prove nothing: no block is audited, and none counts as
     * audited.
     */
    default boolean readsUnchanged() {
        return true;
    }

    /** A source without change tracking. */
    static ChangeTracker none() {
        return new ChangeTracker() {
            @Override
            public Changes changesSince(String token) {
                return new Changes.Unknown(Changes.NO_TRACKING, "no change list: read in full");
            }

            @Override
            public Optional<String> token() {
                return Optional.empty();
            }
        };
    }
}
