/** Ranges of bytes of a disk, sets of them, and their rounding to blocks. Values only. */
package io.varve.engine.range;
