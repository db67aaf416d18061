/**
 * What collection has condemned and how often it has deleted: lists of packs, proposals, rescues, the generation. Uses
 * objects, sealed JSON and ids; whoever writes or collects asks it what counts.
 */
package io.varve.store.trash;
