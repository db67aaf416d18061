/** Byte ranges of a disk, sets of ranges, and rounding to blocks. Immutable values; uses no other package. */
package io.varve.engine.range;
