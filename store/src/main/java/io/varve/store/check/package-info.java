/**
 * Proof that a repository holds what it says: structure, stored bytes, content. {@code Fsck} runs the checks in their
 * order and gathers findings; when which pack was read is recorded for the next one. Reads through everything below and
 * changes nothing but that record.
 */
package io.varve.store.check;
