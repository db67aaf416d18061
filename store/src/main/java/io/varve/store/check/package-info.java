/**
 * Verification of a repository: structure, stored bytes, content. {@code Fsck} runs the checks in order, collects
 * findings, and records which packs were read for the next check. It changes nothing except that record. May use
 * {@code backend}, {@code cache}, {@code chunk}, {@code coordination}, {@code crypt}, {@code fault}, {@code gc},
 * {@code hold}, {@code index}, {@code job}, {@code map}, {@code pack}, {@code parity}, {@code session},
 * {@code snapshot}, {@code store} and {@code trash}.
 */
package io.varve.store.check;
