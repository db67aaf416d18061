package io.varve.tools.document;

import java.util.List;

@Says("The snapshots that were copied.")
public record CopyDocument(
        @Says("One entry for each snapshot, as far as the command came")
        List<CopyEntry> copies,

        @Says("Whether nothing was copied because only a plan was asked for")
        boolean dryRun) {}
