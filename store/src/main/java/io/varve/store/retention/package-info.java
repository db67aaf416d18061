/**
 * Decides which snapshots to keep, and why. A pure function of their order and times; deletes nothing. May use
 * {@code snapshot}.
 */
package io.varve.store.retention;
