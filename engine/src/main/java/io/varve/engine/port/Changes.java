package io.varve.engine.port;

import io.varve.engine.range.RangeSet;

/** Answer of a {@link ChangeTracker}. */
public sealed interface Changes {
    /** Code for a source without change tracking: the disk is read whole without a warning. */
    String NO_TRACKING = "no-change-tracking";

    /**
     * Outside {@code ranges} the disk is unchanged since the given token.
     *
     * @param ranges changed parts of the virtual disk; may include unchanged parts
     */
    record Known(RangeSet ranges) implements Changes {}

    /**
     * The tracker cannot tell; the disk has to be read whole. An answer, not an error.
     *
     * @param code short and stable, for scripts: {@code change-list-invalid}, {@code token-mismatch} …
     * @param reason for the operator: what was expected, what was found
     * @param isPlanned whether it is meant to be so, and no demotion
     */
    record Unknown(String code, String reason, boolean isPlanned) implements Changes {
        /** One that nobody planned. */
        public Unknown(String code, String reason) {
            this(code, reason, false);
        }

        /** The disk is to be read whole this time: nothing is wrong with its change list. */
        public static Unknown planned(String code, String reason) {
            return new Unknown(code, reason, true);
        }
    }
}
