/**
 * Records of jobs: what ran in a repository, when, and with what result, for people and for reports. No snapshot
 * depends on them; collection notices by them that one was lost. Uses objects and sealed JSON, and ids of snapshots as
 * text.
 */
package io.varve.store.job;
