/**
 * The way from a source to a committed snapshot. {@code BackupJob} takes one machine through it, {@code DiskBackup} one
 * disk; workers own a run from read to append. Writes through the store's write session.
 */
package io.varve.engine.backup;
