/**
 * One class per command, with the code that only this command needs. Wires store, engine and adapters by hand, and
 * reports the result. May use {@code backup}, {@code configuration}, {@code document}, {@code help}, {@code option},
 * {@code output}, {@code report} and {@code source}, and the adapters, the engine and the store.
 */
package io.varve.tools.command;
