package io.varve.adapters.hyperv;

/** How a machine is frozen. */
public enum Consistency {
    /** The guest must freeze its file systems and applications, or the backup fails. */
    REQUIRE,
    /** The guest freezes them if it can; otherwise the checkpoint is crash-consistent, and the snapshot says so. */
    PREFER,
    /** The guest is not asked. */
    CRASH
}
