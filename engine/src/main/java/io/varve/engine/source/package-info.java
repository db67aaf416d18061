/**
 * Wrappers between the engine and a source. Every failure of an adapter, including unchecked exceptions of a driver,
 * becomes a {@link io.varve.engine.port.SourceException}, or an answer where only a change list is concerned. Opens no
 * repository; of the store it needs the words for failures and the rule for names. May use {@code port} and
 * {@code range}, and the store.
 */
package io.varve.engine.source;
