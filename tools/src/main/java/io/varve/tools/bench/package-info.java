/**
 * {@code varve bench}: measures this computer, a disk and a repository of its own, step by step. Uses {@code option}
 * and {@code output}.
 */
package io.varve.tools.bench;
