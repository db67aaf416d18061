/**
 * Completion scripts for shells, written from the model of the command line, so that they are never out of date. Uses
 * options and output.
 */
package io.varve.tools.completion;
