/**
 * Keys: how chunks are named and sealed, how documents are authenticated, how the master key is wrapped. The rest of
 * the store sees only {@code Protection}; a plain repository has one too. May use {@code backend}, {@code cache},
 * {@code chunk}, {@code fault}, {@code json} and {@code pack}.
 */
package io.varve.store.crypt;
