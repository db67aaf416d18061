/**
 * The output of commands: text, tables, progress, JSON, exit codes. Knows results, and not how they are obtained. May
 * use {@code document}, and the adapters, the engine and the store.
 */
package io.varve.tools.output;
