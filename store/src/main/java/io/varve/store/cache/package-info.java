/** What of this computer's lies outside repositories and can be recreated: the cache directory, unpacked libraries. */
package io.varve.store.cache;
