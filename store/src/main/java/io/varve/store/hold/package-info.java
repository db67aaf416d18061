/**
 * Holds: what keeps a machine's snapshots from being forgotten or collected until somebody lifts it. May use objects
 * and JSON files, nothing of snapshots, packs or sessions but ids.
 */
package io.varve.store.hold;
