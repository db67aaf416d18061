/**
 * Copies snapshots from one repository into another. Only chunks that the target lacks are stored, under the target's
 * ids. May use {@code chunk}, {@code fault}, {@code index}, {@code map}, {@code pack}, {@code session} and
 * {@code snapshot}.
 */
package io.varve.store.copy;
