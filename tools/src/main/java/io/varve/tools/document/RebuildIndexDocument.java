package io.varve.tools.document;

@Says("The index that was rebuilt.")
public record RebuildIndexDocument(
        @Says("Packs there are") int packCount,
        @Says("Chunks in them, about") long chunkCount) {}
