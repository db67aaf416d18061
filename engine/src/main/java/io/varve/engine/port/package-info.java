/**
 * What the engine needs from outside: disks, change lists, checkpoints, targets. It holds only interfaces and their
 * values. Adapters implement them and see no other part of the engine.
 */
package io.varve.engine.port;
