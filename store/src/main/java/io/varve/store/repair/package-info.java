/**
 * Repair of a damaged repository. Nothing is edited in place: {@code PackScan} finds what of a pack is sound,
 * {@link io.varve.store.repair.Repair} copies that into new packs and moves the damaged file to {@code quarantine/}.
 * What is lost is then absent, so that the next backup stores it again from the live disk.
 */
package io.varve.store.repair;
