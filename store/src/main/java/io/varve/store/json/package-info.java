/**
 * JSON files with a digest of their own, in one canonical form, and their fields read without trust. Uses {@code fault}
 * and {@code chunk}.
 */
package io.varve.store.json;
