package io.varve.tools.yaml;

/**
 * A mistake in a file.
 *
 * @param line counted from 1
 */
public record Mistake(int line, String message) {}
