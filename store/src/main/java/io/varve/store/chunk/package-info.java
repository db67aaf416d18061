/**
 * Chunks: their ids, hashes and codecs. Everything works on buffers that the calling worker owns. Codecs are native
 * libraries, which {@code cache} unpacks. May use {@code cache} and {@code fault}.
 */
package io.varve.store.chunk;
