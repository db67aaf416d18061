package io.varve.tools.nightly;

import java.util.Set;

/**
 * A machine in the plan of a night.
 *
 * @param origin where its disks come from
 * @param gone names of disks that it no longer has
 */
record PlannedMachine(String name, Origin origin, Set<String> gone, JobFile.Policy policy) {
    /** The same with disks from elsewhere. */
    PlannedMachine with(Origin other) {
        return new PlannedMachine(name, other, gone, policy);
    }
}
