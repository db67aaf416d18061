/**
 * Stands between the engine and a source: whatever comes out of an adapter, a driver's unchecked exception included, is
 * a {@link io.varve.engine.port.SourceException} behind it, or an answer where a change list alone is concerned. May
 * use {@code port} and {@code range}; knows no repository.
 */
package io.varve.engine.source;
