/**
 * The way from a snapshot to a target: plan by place in the packs, read, prove, write. No unproven byte reaches a
 * target. Reads through the store's read session.
 */
package io.varve.engine.restore;
