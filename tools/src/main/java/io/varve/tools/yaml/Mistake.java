package io.varve.tools.yaml;

/**
 * Something wrong in a file.
 *
 * @param line counted from 1
 */
public record Mistake(int line, String message) {}
