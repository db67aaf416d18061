package io.varve.engine.backup;

/**
 * Why a disk may not be the one that the machine's previous snapshot has under its name, its GUID or its token. The
 * change list would be about that disk, so it is not used here.
 *
 * @param code short and stable, for scripts
 * @param message what was expected, what was found
 * @param always whether it is worth a warning even if no change list would have been used
 */
record Doubt(String code, String message, boolean always) {
    /** The disk's identity contradicts the previous snapshot. */
    static final String MISMATCH = "identity-mismatch";

    /** Several disks match the one of the previous snapshot. */
    static final String AMBIGUOUS = "identity-ambiguous";
}
