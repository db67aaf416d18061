/**
 * Byte ranges of a disk, sets of ranges, and rounding to blocks. All values are immutable. Nothing here knows what the
 * ranges are of. Uses nothing else of Varve.
 */
package io.varve.engine.range;
