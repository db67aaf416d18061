/**
 * {@code varve nightly}: the job file, the plan of a night derived from it, and the night itself, which carries out the
 * plan and records the result. Planning is pure. Knows no other command. May use {@code backup}, {@code configuration},
 * {@code document}, {@code option}, {@code output}, {@code report}, {@code source} and {@code yaml}, and the adapters,
 * the engine and the store.
 */
package io.varve.tools.nightly;
