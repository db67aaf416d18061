/**
 * Compares an existing disk with a disk of a snapshot. Reads both and changes nothing. May use {@code engine},
 * {@code plan}, {@code port}, {@code range} and {@code source}, and the store.
 */
package io.varve.engine.compare;
