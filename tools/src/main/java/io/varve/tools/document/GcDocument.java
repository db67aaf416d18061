package io.varve.tools.document;

@Says("What the collection did.")
public record GcDocument(
        @Says("Whether nothing was changed because only a plan was asked for")
        boolean dryRun,

        @Says("Snapshots there are") int snapshotCount,
        @Says("Distinct pages of their block maps") long mapPageCount,
        @Says("Packs there are") int packCount,
        @Says("Their size, in bytes") long packBytes,
        @Says("What of it snapshots need, in bytes") long liveBytes,
        @Says("Packs that nothing needs") int emptyPackCount,
        @Says("Packs of which too little is needed") int thinPackCount,
        @Says("What was moved to new packs, in bytes") long repackedBytes,
        @Says("Packs that were condemned, or would be") int condemnedPackCount,
        @Says("Their size, in bytes") long condemnedBytes,

        @Says("Packs that were deleted, condemned by an earlier run")
        int deletedPackCount,

        @Says("Their size, in bytes") long deletedBytes,

        @Says("Condemned packs that are needed again and were reinstated")
        int rescuedPackCount,

        @Says("Condemned packs that are to be deleted later")
        int postponedPackCount,

        @Says("Packs of running backups, which were kept") int inUsePackCount) {}
