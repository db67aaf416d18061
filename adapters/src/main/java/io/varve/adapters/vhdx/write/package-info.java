/**
 * Writes new VHDX files for restores: dynamic, fixed and differencing. A file appears under its name when it is
 * complete. {@code read} opens the parent of a differencing one. May use {@code file}, {@code format} and {@code read},
 * and the engine.
 */
package io.varve.adapters.vhdx.write;
