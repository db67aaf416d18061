/**
 * Snapshots: manifests, their order, the records of forgotten ones, and this computer's memory of them. Uses objects,
 * sealed JSON and {@code Protection}. It knows ids of maps and never opens a map.
 */
package io.varve.store.snapshot;
