/**
 * Snapshots: manifests, their order, the records of forgotten ones, and this computer's memory of them. It knows ids of
 * maps and never opens a map. May use {@code backend}, {@code cache}, {@code chunk}, {@code crypt}, {@code fault} and
 * {@code json}.
 */
package io.varve.store.snapshot;
