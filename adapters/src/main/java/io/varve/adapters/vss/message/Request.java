package io.varve.adapters.vss.message;

import java.util.UUID;

/** What the backup asks of its worker. One is under way at a time; the end of the stream means {@link Abandon}. */
public sealed interface Request {
    /** Answered by {@link Reply.Machines}. Freezes nothing. */
    record ListMachines() implements Request {}

    /**
     * Take a shadow copy of all volumes with files of one machine. Answered by {@link Reply.Frozen}.
     *
     * @param machine the machine's GUID
     * @param allowSavedState whether the machine may be interrupted
     * @param deadlineSeconds give up after this long
     */
    record Freeze(UUID machine, boolean allowSavedState, int deadlineSeconds) implements Request {}

    /** Are all shadow copies still there? Answered by {@link Reply.Intact}. */
    record Check() implements Request {}

    /** The backup is committed: tell the writer, and delete the shadow copies. Answered by {@link Reply.Finished}. */
    record Finish() implements Request {}

    /** The backup failed: tell the writer, and delete the shadow copies. Answered by {@link Reply.Finished}. */
    record Abandon() implements Request {}
}
