/**
 * Files of this computer outside repositories that can be recreated: the cache directory, small files in it that save
 * reading something again, and unpacked native libraries. Losing them costs time and nothing else. File modes are those
 * of {@code backend}. May use {@code backend} and {@code fault}.
 */
package io.varve.store.cache;
