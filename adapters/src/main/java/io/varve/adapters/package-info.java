/**
 * The outside world behind the engine's ports. {@link io.varve.adapters.DiskImages} is the way in: it recognises what a
 * file is. The packages below do not know each other, except that disk formats read through the byte sources, and
 * publish through the partial files, of {@code file}, and find their parents with {@code chain}.
 */
package io.varve.adapters;
