/**
 * Repair of a damaged repository. Nothing is edited in place: {@code PackScan} finds the intact frames of a pack, and
 * {@link io.varve.store.repair.Repair} copies them into new packs and moves the damaged file to {@code quarantine/}.
 * Lost chunks then count as absent, so that the next backup stores them again from the live disk. May use
 * {@code backend}, {@code chunk}, {@code fault}, {@code index}, {@code map}, {@code pack}, {@code parity},
 * {@code session}, {@code snapshot} and {@code trash}.
 */
package io.varve.store.repair;
