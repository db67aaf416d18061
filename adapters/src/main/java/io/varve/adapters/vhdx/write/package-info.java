/**
 * Writes new VHDX files for restores: dynamic, fixed and differencing. May use {@code read} for the parent, and
 * {@code format}.
 */
package io.varve.adapters.vhdx.write;
