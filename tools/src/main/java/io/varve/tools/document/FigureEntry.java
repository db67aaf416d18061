package io.varve.tools.document;

@Says("A figure.")
public record FigureEntry(
        @Says("What it counts") String name,
        @Says("The number") long amount) {}
