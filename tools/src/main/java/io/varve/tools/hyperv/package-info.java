/**
 * The commands that talk to a Hyper-V host, and {@code selftest}; the options that say which host it is. {@code source}
 * puts the sources together.
 */
package io.varve.tools.hyperv;
