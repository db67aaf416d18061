/**
 * Files of this computer outside repositories that can be recreated: the cache directory, unpacked native libraries.
 * May use {@code fault}.
 */
package io.varve.store.cache;
