/**
 * Backup, from a source to a committed snapshot. {@code BackupJob} backs up one machine, {@code DiskBackup} one disk; a
 * worker owns a run from read to append. Everything is written through the store's write session. May use
 * {@code engine}, {@code partition}, {@code plan}, {@code port}, {@code range} and {@code source}, and the store.
 */
package io.varve.engine.backup;
