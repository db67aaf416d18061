/**
 * Keys: how chunks are named and sealed, how documents are authenticated, how the master key is wrapped.
 * {@code Protection} is what the rest of the store sees; a plain repository has one too. Uses chunks, frame headers,
 * sealed JSON and objects.
 */
package io.varve.store.crypt;
