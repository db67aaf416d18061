/**
 * Holds: records that keep a machine's snapshots from being forgotten or collected until they are released. May use
 * objects and JSON files; of snapshots, packs and sessions it knows only ids.
 */
package io.varve.store.hold;
