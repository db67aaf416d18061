/**
 * The commands that talk to a Hyper-V host, and {@code selftest}; the options that say which host it is. {@code source}
 * puts the sources together. May use {@code backup}, {@code command}, {@code document}, {@code option}, {@code output}
 * and {@code source}, and the adapters, the engine and the store.
 */
package io.varve.tools.hyperv;
