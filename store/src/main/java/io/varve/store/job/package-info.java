/**
 * Records of jobs: what ran in a repository, when, and with what result. No snapshot depends on them, but collection
 * uses them to detect that one was lost. May use objects, sealed JSON and ids of snapshots.
 */
package io.varve.store.job;
