/**
 * Reed–Solomon redundancy for packs, stored in objects of their own. Damaged sectors of a pack can be computed from it.
 * Knows nothing of what the sectors contain. May use {@code backend}, {@code chunk}, {@code fault} and {@code pack}.
 */
package io.varve.store.parity;
