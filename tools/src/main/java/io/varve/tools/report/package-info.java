/**
 * The report about a repository's backups, as text, JSON, an HTML page and metrics. It is made only from the job
 * records and holds in the repository, so it includes nights that ran on other computers. May use {@code option} and
 * {@code output}, and no other command.
 */
package io.varve.tools.report;
