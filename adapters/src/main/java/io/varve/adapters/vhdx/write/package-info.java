/**
 * New VHDX files, dynamic, fixed and differencing, for restores. Uses {@code read} for the parent, and {@code format}.
 */
package io.varve.adapters.vhdx.write;
