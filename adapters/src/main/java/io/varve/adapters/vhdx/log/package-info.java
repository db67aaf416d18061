/**
 * The log of a VHDX file: which part of it counts, and the file as it will be after replay. Never writes to the source.
 * Uses {@code format}.
 */
package io.varve.adapters.vhdx.log;
