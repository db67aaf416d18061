/**
 * JMH benchmarks of reader paths, hash, codec, index, packs and pipeline, and what they run over. Nothing else uses
 * them.
 */
package io.varve.bench;
