/**
 * Collection of packs that no snapshot needs any more. {@link io.varve.store.gc.Collection} runs all steps:
 * {@code Mark} walks the maps and fills a {@code LiveFilter}; {@code Sweep} deletes packs that an earlier collection
 * condemned; {@code Survey} determines the needed part of every pack; thin packs are repacked; unneeded packs are
 * condemned, and deleted by a later run. {@code Holdings} tells what forgetting would make unneeded. May use
 * {@code backend}, {@code chunk}, {@code fault}, {@code hold}, {@code index}, {@code job}, {@code map}, {@code pack},
 * {@code parity}, {@code session}, {@code snapshot}, {@code store} and {@code trash}.
 */
package io.varve.store.gc;
