/**
 * The backup of one machine, shared by {@code varve backup} and {@code varve nightly}: the job, its output, its records
 * in the repository, and alarms of what is unusual. Knows no command. What is usual it learns from {@code report}. May
 * use {@code document}, {@code option}, {@code output} and {@code report}, and the adapters, the engine and the store.
 */
package io.varve.tools.backup;
