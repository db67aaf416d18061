package io.varve.tools.document;

@Says("A range of bytes.")
public record RangeEntry(
        @Says("Where it begins, in bytes") long offset,
        @Says("How long it is, in bytes") long length) {}
