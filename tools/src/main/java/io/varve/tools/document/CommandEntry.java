package io.varve.tools.document;

@Says("A command that prints a document.")
public record CommandEntry(
        @Says("Its name, as after varve") String name,
        @Says("What it does") String description) {}
