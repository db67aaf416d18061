/**
 * Verification of a repository: structure, stored bytes, content. {@code Fsck} runs the checks in order, collects
 * findings, and records which packs were read for the next check. It uses all packages below it and changes nothing
 * except that record.
 */
package io.varve.store.check;
