/**
 * Writes new VHDX files for restores: dynamic, fixed and differencing. A file appears under its name when it is
 * complete; an existing one is changed in place through its log. {@code read} opens the parent of a differencing one.
 * May use {@code file}, {@code format}, {@code log} and {@code read}, and the engine and the store.
 */
package io.varve.adapters.vhdx.write;
