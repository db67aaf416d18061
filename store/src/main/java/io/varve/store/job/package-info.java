/**
 * Records of jobs: what ran in a repository, when, and with what result. No snapshot depends on them, but collection
 * uses them to detect that one was lost. This computer remembers what it read. May use {@code backend}, {@code cache},
 * {@code fault}, {@code json} and {@code snapshot}.
 */
package io.varve.store.job;
