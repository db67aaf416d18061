/**
 * Options and arguments that several commands share, parsed and checked; and the two base classes of all commands,
 * which open and unlock a repository and turn failures into exit codes. May use {@code output}.
 */
package io.varve.tools.option;
