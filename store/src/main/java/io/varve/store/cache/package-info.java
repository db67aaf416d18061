/**
 * Files of this computer outside repositories that can be recreated: the cache directory, small files in it that save
 * reading something again, and unpacked native libraries. May use {@code fault} and the file modes of {@code backend}.
 */
package io.varve.store.cache;
