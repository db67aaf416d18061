package io.varve.tools.document;

@Says("Findings of one code that are counted and not listed.")
public record UnlistedEntry(
        @Says("The code") String code,
        @Says("Findings that are counted and not listed") long unlistedFindingCount) {}
