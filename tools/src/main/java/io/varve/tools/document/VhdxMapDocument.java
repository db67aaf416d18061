package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("Where ranges of a virtual disk lie.")
public record VhdxMapDocument(
        @Says("The files of the chain: the disk, its parent, and so on")
        List<String> layers,

        @Says("The segments, at most 100,000") List<SegmentEntry> segments,

        @Says("Where to continue, in bytes, as --offset; absent if nothing is left out")
        Optional<Long> next) {}
