/**
 * The kinds of failures that callers distinguish: damage, unavailability, refusal, an unknown outcome, no repository.
 * Uses nothing else of Varve, so every package may use it, and the adapters do too.
 */
package io.varve.store.fault;
