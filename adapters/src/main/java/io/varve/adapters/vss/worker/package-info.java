/**
 * The worker process that talks to Windows' volume shadow copy service: COM through JNA by slot number, in the order
 * that the documentation of requestors demands, for one machine, once. It is a process of its own because shadow copies
 * of this kind vanish with the process that asked for them: whatever happens to it, none is left behind. Runs under
 * wine against a stand-in; never on Windows yet. May use {@code message} and {@code windows}, and the store.
 */
package io.varve.adapters.vss.worker;
