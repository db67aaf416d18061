/**
 * Snapshots: manifests, their order, the record of forgotten ones, and what this computer remembers of them. Uses
 * objects, sealed JSON and {@code Protection}; knows ids of maps and never opens one.
 */
package io.varve.store.snapshot;
