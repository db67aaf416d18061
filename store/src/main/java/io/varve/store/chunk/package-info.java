/**
 * Chunks: their ids, hashes and codecs. Bytes in, bytes out, in buffers that a worker owns. Uses {@code fault}, and
 * {@code cache} for native libraries.
 */
package io.varve.store.chunk;
