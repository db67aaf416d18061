/**
 * How data flows. {@code port} declares what the outside world must provide, {@code source} turns all its failures into
 * failures of the source, {@code range} is the arithmetic of disks, {@code partition} reads what identifies a disk,
 * {@code plan} decides what to read (pure functions), {@code backup} and {@code restore} carry it out, {@code compare}
 * checks the result against a disk.
 *
 * <p>Opens no file or socket of a source. May use the store.
 */
package io.varve.engine;
