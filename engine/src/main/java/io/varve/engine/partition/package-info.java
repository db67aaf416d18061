/**
 * What is read of the content of a disk to know it again: the GUID of its partition table. Knows nothing of how the
 * disk is reached. May use {@code port}.
 */
package io.varve.engine.partition;
