/**
 * Backing up one machine, as {@code varve backup} and {@code varve nightly} both do it: the job, what it tells the
 * operator, its records in the repository. Uses {@code option} and {@code output}, and no command.
 */
package io.varve.tools.backup;
