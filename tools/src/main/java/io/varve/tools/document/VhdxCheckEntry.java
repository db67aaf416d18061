package io.varve.tools.document;

import java.util.List;

@Says("What the check of one VHDX found.")
public record VhdxCheckEntry(
        @Says("The file") String file,

        @Says(
                value = "The worst of the findings",
                words = {"sound", "odd", "bad", "unreadable"})
        String verdict,

        @Says("The findings, at most 20 of a code") List<FindingEntry> findings,
        @Says("Codes with more findings than are listed") List<UnlistedEntry> unlisted) {}
