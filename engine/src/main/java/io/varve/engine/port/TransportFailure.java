package io.varve.engine.port;

/**
 * Marks an {@link java.io.IOException} of the way to a source: a lost connection, an answer that was tampered with. It
 * says nothing about any file, not even whether it exists, so a search must not go on as if it did.
 */
public interface TransportFailure {}
