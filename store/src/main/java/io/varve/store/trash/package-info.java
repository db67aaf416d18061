/**
 * What collection has condemned, and how often it has deleted: lists of packs, proposals, rescues, the generation.
 * Sessions and collection ask it which packs count. May use objects, sealed JSON and ids.
 */
package io.varve.store.trash;
