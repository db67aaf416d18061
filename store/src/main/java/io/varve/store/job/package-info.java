/**
 * Records of jobs: what ran in a repository, when, and with what result. No snapshot depends on them, but collection
 * uses them to detect that one was lost. May use objects and sealed JSON; ids of snapshots are plain text here.
 */
package io.varve.store.job;
