/**
 * One class per command, with the code that only this command needs. Wires store, engine and adapters by hand, and
 * reports the result. May use {@code option}, {@code output}, and {@code source}.
 */
package io.varve.tools.command;
