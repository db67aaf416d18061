/**
 * {@code varve vhdx check}: finds everything that is wrong with a VHDX file. May use {@code read} and the packages
 * below it.
 */
package io.varve.adapters.vhdx.check;
