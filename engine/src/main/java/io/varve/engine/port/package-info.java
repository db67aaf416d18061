/**
 * What the engine needs from outside: disks, change lists, checkpoints, targets. It holds only interfaces and their
 * values. Adapters implement them; of the rest of the engine they see {@code range}, {@code partition} and the
 * cancellation of a job. May use {@code range}.
 */
package io.varve.engine.port;
