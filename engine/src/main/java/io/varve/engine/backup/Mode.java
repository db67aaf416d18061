package io.varve.engine.backup;

/** How one disk is read. */
public enum Mode {
    /** Whole: there is no change list. */
    FULL("full"),
    /** Only what the change list names, and an audit sample. */
    INCREMENTAL("incremental"),
    /** Whole, although there is a change list: it cannot be trusted. */
    DEMOTED("demoted");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /** The word in manifests and output. */
    public String word() {
        return word;
    }
}
