package io.varve.tools.document;

@Says("A file of a timer.")
public record TimerFileEntry(
        @Says("Its path") String file,
        @Says("What is in it") String text) {}
