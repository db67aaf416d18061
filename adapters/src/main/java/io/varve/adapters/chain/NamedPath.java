package io.varve.adapters.chain;

/**
 * A path by which a differencing disk names its parent.
 *
 * @param name name of the field in the format, for messages
 * @param text the path as stored in the file; not trusted until {@link ParentFinder} has checked it
 */
public record NamedPath(String name, String text) {}
