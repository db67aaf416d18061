package io.varve.adapters.chain;

/**
 * A path that a differencing disk names its parent by.
 *
 * @param name what the format calls it, for messages
 * @param text as it stands in the file; hostile until {@link ParentFinder} has judged it
 */
public record NamedPath(String name, String text) {}
