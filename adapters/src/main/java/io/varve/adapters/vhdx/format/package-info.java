/**
 * The structures of a VHDX file, one by one: identifier, headers, region table, metadata, block allocation table
 * entries, parent locator. Decodes and encodes them, and knows nothing of how they are found or used.
 */
package io.varve.adapters.vhdx.format;
