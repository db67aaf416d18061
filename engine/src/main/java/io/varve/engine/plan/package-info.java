/**
 * Decides what to read of a disk, and why: changed ranges and the share of the audit, rounded to blocks and cut into
 * runs. Pure functions of ranges and numbers; nothing here reads, writes or waits. May use {@code range}.
 */
package io.varve.engine.plan;
