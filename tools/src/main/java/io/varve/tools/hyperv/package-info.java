/**
 * The commands that talk to a Hyper-V host, and the options that say which host it is. They wire
 * {@code adapters.hyperv} to a repository.
 */
package io.varve.tools.hyperv;
