package io.varve.tools.document;

import java.util.List;

@Says("What the rules say about a snapshot.")
public record VerdictEntry(
        @Says("Its id") String snapshotId,
        @Says("Its machine") String machine,
        @Says("Whether it is kept") boolean kept,
        @Says("What keeps it; empty if nothing does") List<String> reasons) {}
