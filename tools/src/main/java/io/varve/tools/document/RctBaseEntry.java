package io.varve.tools.document;

@Says("A change id that somebody may rely on.")
public record RctBaseEntry(
        @Says("Where it was seen: windows, snapshot or reference-point")
        String kind,

        @Says("Who may rely on it, in words") String holder,
        @Says("The id") String changeId) {}
