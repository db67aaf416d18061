package io.varve.tools.document;

@Says("A configuration file.")
public record FileEntry(
        @Says("Its name") String name,
        @Says("Its size, in bytes") long size) {}
