package io.varve.tools.document;

@Says("A frame of a pack: one stored chunk.")
public record FrameEntry(
        @Says("Where it begins in the pack, in bytes") long offset,

        @Says("What the chunk is, such as a block or a map page")
        String kind,

        @Says("How it is compressed") String codec,
        @Says("Size of the chunk, in bytes") long rawBytes,
        @Says("Size as stored, in bytes") long frameBytes,
        @Says("Its id") String chunkId) {}
