/**
 * How data flows. {@code port} declares what the outside world must offer, {@code source} makes every failure of it the
 * source's, {@code range} is the arithmetic of disks, {@code plan} decides what to read (pure functions),
 * {@code backup} and {@code restore} carry it out, {@code compare} looks whether it came out right.
 *
 * <p>Opens no file or socket of a source.
 */
package io.varve.engine;
