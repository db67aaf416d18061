package io.varve.tools.document;

@Says("A mistake in a file.")
public record MistakeEntry(
        @Says("Line that it is in, from 1") int line,
        @Says("The mistake in words") String message) {}
