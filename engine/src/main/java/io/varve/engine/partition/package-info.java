/**
 * Reads from the content of a disk what identifies it: the GUID of its partition table. Does not know how the disk is
 * reached. May use {@code port}.
 */
package io.varve.engine.partition;
