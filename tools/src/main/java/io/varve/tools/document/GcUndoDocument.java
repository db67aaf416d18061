package io.varve.tools.document;

@Says("With --undo: what was reinstated.")
public record GcUndoDocument(
        @Says("Condemned packs that were reinstated") int reinstatedPackCount) {}
