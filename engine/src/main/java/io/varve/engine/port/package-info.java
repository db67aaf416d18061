/**
 * What the engine asks of the world outside: disks, change lists, checkpoints, targets. Interfaces and their values
 * only; adapters implement them and see nothing else of the engine's work.
 */
package io.varve.engine.port;
