/**
 * One class per command, with what only that command needs. Wires store, engine and adapters by hand and says what came
 * of it. Uses {@code option} and {@code output}.
 */
package io.varve.tools.command;
