/**
 * Wrappers between the engine and a source. Every failure of an adapter, including unchecked exceptions of a driver,
 * becomes a {@link io.varve.engine.port.SourceException}, or an answer where only a change list is concerned. May use
 * {@code port} and {@code range}; knows no repository.
 */
package io.varve.engine.source;
