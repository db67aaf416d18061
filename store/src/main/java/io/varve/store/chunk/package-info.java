/**
 * Chunks: their ids, hashes and codecs. Everything works on buffers that the calling worker owns. May use
 * {@code fault}, and {@code cache} for native libraries.
 */
package io.varve.store.chunk;
