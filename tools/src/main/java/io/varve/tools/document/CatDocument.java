package io.varve.tools.document;

@Says("A part of a disk.")
public record CatDocument(
        @Says("Where it begins, in bytes") long offset,
        @Says("How long it is, in bytes") long length,
        @Says("The bytes, in base64") String data) {}
