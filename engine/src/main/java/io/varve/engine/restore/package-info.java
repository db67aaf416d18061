/**
 * Restore, from a snapshot to a target: plan by place in the packs, read, verify, write. No unverified byte reaches a
 * target. Everything is read through the store's read session. May use {@code engine}, {@code port} and {@code range},
 * and the store.
 */
package io.varve.engine.restore;
