/**
 * Sources of machines that are more than disk files: puts {@code adapters.hyperv} and {@code adapters.vss} together for
 * one machine, for the commands and for {@code nightly}. May use {@code option} and {@code output}, and no command.
 */
package io.varve.tools.source;
