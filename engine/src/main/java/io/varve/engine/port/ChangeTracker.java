package io.varve.engine.port;

import java.io.IOException;
import java.util.Optional;

/**
 * Change-tracking axis of a source: what changed on one frozen disk since an earlier {@linkplain #token() token}. Its
 * answer is a hint that the engine checks (bounds, audit sample), never a truth.
 */
public interface ChangeTracker {
    /**
     * What changed between the moment of {@code token} and the frozen state this tracker belongs to.
     *
     * @param token what {@link #token()} gave at an earlier checkpoint of the same disk, stored verbatim since
     * @throws IOException when it cannot say; the same as {@link Changes.Unknown}, the disk is read whole
     */
    Changes changesSince(String token) throws IOException;

    /** The token of the frozen state, to be stored with the snapshot; empty when the source has none. */
    Optional<String> token();

    /** The token the list at hand starts from, where the source fixes it in advance; a second way to pair disks. */
    default Optional<String> baseToken() {
        return Optional.empty();
    }

    /**
     * Whether a token is the identity of a content, so that two equal tokens mean equal content, and the same one comes
     * back as long as nothing is written. Otherwise a token names a moment, and no two moments have the same.
     */
    default boolean tokensNameContent() {
        return false;
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
