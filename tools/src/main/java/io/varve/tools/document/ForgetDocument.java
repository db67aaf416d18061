package io.varve.tools.document;

import java.util.List;

@Says("What was forgotten.")
public record ForgetDocument(
        @Says("Every snapshot that was considered") List<VerdictEntry> verdicts,

        @Says("Whether nothing was changed because only a plan was asked for")
        boolean dryRun,

        @Says("Snapshots that were forgotten, or would be") int forgottenCount) {}
