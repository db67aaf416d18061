/**
 * Sources of machines that are more than disk files: puts {@code adapters.hyperv} and {@code adapters.vss} together for
 * one machine, for the commands and for {@code nightly}. Knows no command. May use {@code option} and {@code output},
 * and the adapters, the engine and the store.
 */
package io.varve.tools.source;
