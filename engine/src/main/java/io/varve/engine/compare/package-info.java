/** Compares a disk with what a snapshot says it holds. Reads both and changes nothing. */
package io.varve.engine.compare;
