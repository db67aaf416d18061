/**
 * The structures of a VHDX file, one by one: identifier, headers, region table, metadata, block allocation table
 * entries, parent locator. Decodes and encodes them. It knows nothing of how they are found or used. May use
 * {@code file}, and the engine and the store.
 */
package io.varve.adapters.vhdx.format;
