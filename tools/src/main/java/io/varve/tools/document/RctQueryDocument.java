package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("What changed since the id. Its fields are absent if Windows has no change list.")
public record RctQueryDocument(
        @Says("The ranges that changed; absent with --files")
        Optional<List<RangeEntry>> ranges,

        @Says("With --files, where what changed lies; absent otherwise")
        Optional<List<SegmentEntry>> segments,

        @Says("How much changed, in bytes; absent if unknown")
        Optional<Long> changedBytes) {}
