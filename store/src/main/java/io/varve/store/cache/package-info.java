/**
 * What of this computer's lies outside of repositories and can be made again: the cache directory, unpacked libraries.
 */
package io.varve.store.cache;
