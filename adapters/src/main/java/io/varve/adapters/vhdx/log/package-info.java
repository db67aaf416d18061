/**
 * The log of a VHDX file: finds its active part, and presents the file as it will be after replay. Never writes to the
 * source; who may, writes what the log holds to where it belongs ({@code ReplayedSource.applyTo}). May use
 * {@code chain}, {@code file} and {@code format}, and the engine and the store.
 */
package io.varve.adapters.vhdx.log;
