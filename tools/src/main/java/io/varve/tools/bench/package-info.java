/**
 * {@code varve bench}: measures this computer, and a backup of a disk to a temporary repository, step by step. May use
 * {@code option} and {@code output}.
 */
package io.varve.tools.bench;
