/**
 * Options and arguments that several commands share, parsed and checked. Also the two base classes of all commands,
 * which open and unlock a repository and turn failures into exit codes. May use {@code configuration} and
 * {@code output}, and the adapters, the engine and the store.
 */
package io.varve.tools.option;
