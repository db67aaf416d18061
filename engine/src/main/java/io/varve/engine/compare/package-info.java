/**
 * Compares an existing disk with a disk of a snapshot. Reads both and changes nothing. May use {@code port},
 * {@code source}, {@code range}, {@code plan} and the store's read session.
 */
package io.varve.engine.compare;
