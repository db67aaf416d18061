/**
 * The kinds of failures that callers distinguish: damage, unavailability, refusal, an unknown outcome, no repository.
 * Every package may use it, and the adapters do too. Only the place that bytes come from decides which kind a failed
 * read is. Uses nothing else of Varve.
 */
package io.varve.store.fault;
