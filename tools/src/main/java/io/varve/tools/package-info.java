/** The {@code varve} command line: one class per command, wiring by hand, exit codes, progress, JSON. */
package io.varve.tools;
