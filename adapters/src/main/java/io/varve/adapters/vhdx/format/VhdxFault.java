package io.varve.adapters.vhdx.format;

import io.varve.adapters.vhdx.format.VhdxFinding.Severity;

/**
 * Every kind of thing that can be found in a VHDX, with the code scripts know it by. An error is what the reader
 * refuses a file for, and the other way round; {@link Faults} keeps the two from coming apart.
 */
public enum VhdxFault {
    FILE_IDENTIFIER(Severity.ERROR, "file-identifier", "file"),
    FILE_TOO_LARGE(Severity.ERROR, "file-too-large", "file"),
    FILE_CHANGING(Severity.ERROR, "file-changing", "file"),
    FILE_LENGTH(Severity.WARNING, "file-length", "file"),
    STALE_BYTES(Severity.INFO, "stale-bytes", "header section"),
    /** The reader refused a file that nothing else was found in: a gap in the check, reported as such. */
    REFUSED(Severity.ERROR, "refused", "file"),

    HEADERS_UNUSABLE(Severity.ERROR, "headers-unusable", "headers"),
    HEADERS_AMBIGUOUS(Severity.ERROR, "headers-ambiguous", "headers"),
    HEADER_VERSION(Severity.ERROR, "header-version", "headers"),
    HEADER_DAMAGED(Severity.WARNING, "header-damaged", "headers"),
    HEADERS_IDENTICAL(Severity.WARNING, "headers-identical", "headers"),
    HEADER_TWIN(Severity.WARNING, "header-twin", "headers"),
    HEADER_GUID(Severity.WARNING, "header-guid", "headers"),
    HEADER_SEQUENCE(Severity.WARNING, "header-sequence", "headers"),
    HEADER_RESERVED(Severity.WARNING, "header-reserved", "headers"),

    LOG_MISSING(Severity.ERROR, "log-missing", "log"),
    LOG_VERSION(Severity.ERROR, "log-version", "log"),
    LOG_PLACE(Severity.ERROR, "log-place", "log"),
    LOG_UNUSABLE(Severity.ERROR, "log-unusable", "log"),
    LOG_CUT_OFF(Severity.ERROR, "log-cut-off", "log"),
    LOG_TARGET(Severity.ERROR, "log-target", "log"),
    LOG_TOO_LARGE(Severity.ERROR, "log-too-large", "log"),
    LOG_ABSENT(Severity.WARNING, "log-absent", "log"),
    LOG_FILE_SIZES(Severity.WARNING, "log-file-sizes", "log"),
    LOG_REPLAY(Severity.INFO, "log-replay", "log"),

    REGION_TABLES_UNUSABLE(Severity.ERROR, "region-tables-unusable", "region tables"),
    /** Errors of one of two tables: the check tells them as warnings, as long as the other table is sound. */
    REGION_TABLE(Severity.ERROR, "region-table", "region tables"),
    REGION_PLACE(Severity.ERROR, "region-place", "region tables"),
    REGION_TWICE(Severity.ERROR, "region-twice", "region tables"),
    REGION_MISSING(Severity.ERROR, "region-missing", "region tables"),
    REGION_OVERLAP(Severity.ERROR, "region-overlap", "region tables"),
    REGION_UNKNOWN_REQUIRED(Severity.ERROR, "region-unknown-required", "region tables"),
    REGION_TABLES_DIFFER(Severity.WARNING, "region-tables-differ", "region tables"),
    REGION_NOT_REQUIRED(Severity.WARNING, "region-not-required", "region tables"),
    REGION_RESERVED(Severity.WARNING, "region-reserved", "region tables"),
    REGION_UNKNOWN(Severity.INFO, "region-unknown", "region tables"),

    METADATA_TABLE(Severity.ERROR, "metadata-table", "metadata"),
    METADATA_ID(Severity.ERROR, "metadata-id", "metadata"),
    METADATA_FLAGS(Severity.ERROR, "metadata-flags", "metadata"),
    METADATA_PLACE(Severity.ERROR, "metadata-place", "metadata"),
    METADATA_TWICE(Severity.ERROR, "metadata-twice", "metadata"),
    METADATA_OVERLAP(Severity.ERROR, "metadata-overlap", "metadata"),
    METADATA_UNKNOWN_REQUIRED(Severity.ERROR, "metadata-unknown-required", "metadata"),
    METADATA_RESERVED(Severity.WARNING, "metadata-reserved", "metadata"),
    METADATA_NOT_REQUIRED(Severity.WARNING, "metadata-not-required", "metadata"),
    METADATA_UNKNOWN(Severity.INFO, "metadata-unknown", "metadata"),
    FILE_UNFINISHED(Severity.ERROR, "file-unfinished", "metadata"),
    ITEM_MISSING(Severity.ERROR, "item-missing", "metadata"),
    ITEM_LENGTH(Severity.ERROR, "item-length", "metadata"),
    BLOCK_SIZE(Severity.ERROR, "block-size", "metadata"),
    FILE_FLAGS(Severity.ERROR, "file-flags", "metadata"),
    DISK_SIZE(Severity.ERROR, "disk-size", "metadata"),
    SECTOR_SIZE(Severity.ERROR, "sector-size", "metadata"),
    PHYSICAL_BELOW_LOGICAL(Severity.WARNING, "physical-below-logical", "metadata"),
    DISK_ID(Severity.WARNING, "disk-id", "metadata"),

    LOCATOR_MISSING(Severity.ERROR, "locator-missing", "parent locator"),
    LOCATOR_TABLE(Severity.ERROR, "locator-table", "parent locator"),
    LOCATOR_PAIR(Severity.ERROR, "locator-pair", "parent locator"),
    LOCATOR_TYPE(Severity.ERROR, "locator-type", "parent locator"),
    LOCATOR_LINKAGE(Severity.ERROR, "locator-linkage", "parent locator"),
    LOCATOR_UNEXPECTED(Severity.WARNING, "locator-unexpected", "parent locator"),
    LOCATOR_RESERVED(Severity.WARNING, "locator-reserved", "parent locator"),
    LOCATOR_PATHS(Severity.WARNING, "locator-paths", "parent locator"),
    LOCATOR_MERGE(Severity.INFO, "locator-merge", "parent locator"),
    LOCATOR_UNKNOWN_KEY(Severity.INFO, "locator-unknown-key", "parent locator"),

    BAT_TOO_SHORT(Severity.ERROR, "bat-too-short", "BAT"),
    BAT_RESERVED(Severity.ERROR, "bat-reserved", "BAT"),
    BAT_STATE(Severity.ERROR, "bat-state", "BAT"),
    BAT_PLACE(Severity.ERROR, "bat-place", "BAT"),
    BAT_BEYOND_FILE(Severity.ERROR, "bat-beyond-file", "BAT"),
    BAT_IN_REGION(Severity.ERROR, "bat-in-region", "BAT"),
    BAT_OVERLAP(Severity.ERROR, "bat-overlap", "BAT"),
    BAT_LOGGED(Severity.ERROR, "bat-logged", "BAT"),
    BAT_SHORT_BLOCK(Severity.WARNING, "bat-short-block", "BAT"),
    BAT_LEFTOVER_PLACE(Severity.WARNING, "bat-leftover-place", "BAT"),
    BAT_KEPT_PLACE(Severity.WARNING, "bat-kept-place", "BAT"),
    BAT_FIXED_SPARSE(Severity.INFO, "bat-fixed-sparse", "BAT"),
    ORPHANED_SPACE(Severity.INFO, "orphaned-space", "BAT"),

    BITMAP_ENTRY(Severity.ERROR, "bitmap-entry", "sector bitmaps"),
    BITMAP_PLACE(Severity.ERROR, "bitmap-place", "sector bitmaps"),
    BITMAP_MISSING(Severity.ERROR, "bitmap-missing", "sector bitmaps"),
    BITMAP_UNNEEDED(Severity.WARNING, "bitmap-unneeded", "sector bitmaps"),
    BITMAP_FULL(Severity.INFO, "bitmap-full", "sector bitmaps"),
    BITMAP_EMPTY(Severity.INFO, "bitmap-empty", "sector bitmaps"),

    PARENT_MISSING(Severity.ERROR, "parent-missing", "chain"),
    PARENT_CYCLE(Severity.ERROR, "parent-cycle", "chain"),
    PARENT_DEPTH(Severity.ERROR, "parent-depth", "chain"),
    PARENT_SECTOR_SIZE(Severity.ERROR, "parent-sector-size", "chain"),
    PARENT_DAMAGED(Severity.ERROR, "parent-damaged", "chain"),
    PARENT_PATH(Severity.WARNING, "parent-path", "chain"),
    PARENT_SIZE(Severity.INFO, "parent-size", "chain");

    private final Severity severity;
    private final String code;
    private final String structure;

    VhdxFault(Severity severity, String code, String structure) {
        this.severity = severity;
        this.code = code;
        this.structure = structure;
    }

    public Severity severity() {
        return severity;
    }

    public String code() {
        return code;
    }

    /** The part of the file it is about. */
    public String structure() {
        return structure;
    }
}
