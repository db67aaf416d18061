/**
 * What is to be read of a disk, and why: changed ranges and the audit's share, rounded to blocks and cut into runs.
 * Pure functions of ranges and numbers: nothing here reads, writes or waits.
 */
package io.varve.engine.plan;
