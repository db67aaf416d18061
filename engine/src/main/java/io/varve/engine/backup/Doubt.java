package io.varve.engine.backup;

/**
 * Why a disk may not be the one that the machine's previous snapshot has under its name, its GUID or its token. A
 * change list says what changed on that one, so it is not believed here.
 *
 * @param code short and stable, for scripts
 * @param message what was expected, what was found
 * @param always whether it is worth a warning also where no change list would have been believed
 */
record Doubt(String code, String message, boolean always) {
    /** What is known of the disk contradicts the previous snapshot. */
    static final String MISMATCH = "identity-mismatch";

    /** Several disks could be the one of the previous snapshot. */
    static final String AMBIGUOUS = "identity-ambiguous";
}
