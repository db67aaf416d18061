package io.varve.tools.document;

import java.util.List;

@Says("A job file with mistakes in it.")
public record MistakesDocument(@Says("All of them, by line") List<MistakeEntry> mistakes) {}
