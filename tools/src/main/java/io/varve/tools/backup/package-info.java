/**
 * The backup of one machine, shared by {@code varve backup} and {@code varve nightly}: the job, its output, its records
 * in the repository. May use {@code option} and {@code output}, and no command.
 */
package io.varve.tools.backup;
