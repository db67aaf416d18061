/**
 * Holds: records that keep a machine's snapshots from being forgotten or collected until they are released. Of
 * snapshots, packs and sessions it knows only ids. May use {@code backend}, {@code chunk}, {@code fault} and
 * {@code json}.
 */
package io.varve.store.hold;
