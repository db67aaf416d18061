/**
 * The backup of one machine, shared by {@code varve backup} and {@code varve nightly}: the job, its output, its records
 * in the repository, and alarms of what is unusual. May use {@code option}, {@code output} and what {@code report}
 * learns from the records, and no command.
 */
package io.varve.tools.backup;
