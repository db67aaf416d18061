package io.varve.tools.document;

import java.util.List;

@Says("What changed on a shared virtual disk between two snapshots.")
public record RsvdChangesDocument(
        @Says("Changed parts of the virtual disk") List<RangeEntry> ranges,
        @Says("Their length, in bytes") long changedBytes) {}
