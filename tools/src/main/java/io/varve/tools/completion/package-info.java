/**
 * Completion scripts for shells, written from the model of the command line, so that they are never out of date. Names
 * of repositories are those of the configuration files. May use {@code configuration}, {@code option} and
 * {@code output}, and the store.
 */
package io.varve.tools.completion;
