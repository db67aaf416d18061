/**
 * {@code varve bench}: measures this computer, and a backup of a disk to a temporary repository, step by step. The
 * repository and the disk are removed at the end. May use {@code document}, {@code option} and {@code output}, and the
 * adapters, the engine and the store.
 */
package io.varve.tools.bench;
