/**
 * {@code varve vhdx check}: everything about a VHDX file that could be wrong, as findings. Uses {@code read} and below.
 */
package io.varve.adapters.vhdx.check;
