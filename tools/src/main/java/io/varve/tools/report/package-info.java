/**
 * What the records of jobs and the holds in a repository say about its backups: the report as a document, and that as
 * text, as a page of HTML, as metrics. Looks at nothing else, so nights that ran on other computers are in it. Uses
 * {@code option} and {@code output}, and no command but its own.
 */
package io.varve.tools.report;
