/**
 * The report about a repository's backups, as text, JSON, an HTML page and metrics. It is made only from the job
 * records and holds in the repository, so it includes nights that ran on other computers. Knows no other command. May
 * use {@code document}, {@code option} and {@code output}, and the engine and the store.
 */
package io.varve.tools.report;
