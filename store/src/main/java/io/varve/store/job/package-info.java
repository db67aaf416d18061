/**
 * Records of jobs: what ran in a repository, when, and with what result, for people and for reports. Nothing that is
 * stored depends on them. Uses objects and sealed JSON, and ids of snapshots as text.
 */
package io.varve.store.job;
