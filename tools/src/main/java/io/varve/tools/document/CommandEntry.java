package io.varve.tools.document;

@Says("A command that prints a document; or progress, for the lines of --progress json.")
public record CommandEntry(
        @Says("Its name, as after varve") String name,
        @Says("What it does") String description) {}
