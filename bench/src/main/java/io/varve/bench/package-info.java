/**
 * JMH benchmarks of reader paths, hash, codec, index, packs and pipeline, and what they run over. Nothing else uses
 * them. May use the adapters, the engine and the store.
 */
package io.varve.bench;
