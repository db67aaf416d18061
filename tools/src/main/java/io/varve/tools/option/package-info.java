/**
 * What commands are told: options and arguments that several share, parsed and checked, and the two bases of all
 * commands, which open a repository, unlock it and turn failures into exit codes. Uses {@code output}.
 */
package io.varve.tools.option;
