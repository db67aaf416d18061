/**
 * What collection has condemned, and how often it has deleted: lists of packs, proposals, rescues, the generation.
 * Sessions and collection ask it which packs count. May use {@code backend}, {@code chunk}, {@code fault},
 * {@code json}, {@code pack} and {@code snapshot}.
 */
package io.varve.store.trash;
