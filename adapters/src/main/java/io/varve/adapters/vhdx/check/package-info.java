/**
 * {@code varve vhdx check}: finds everything that is wrong with a VHDX file. It runs the decoders that the reader runs,
 * and goes on where the reader stops. May use {@code chain}, {@code file}, {@code format}, {@code log} and
 * {@code read}, and the engine and the store.
 */
package io.varve.adapters.vhdx.check;
