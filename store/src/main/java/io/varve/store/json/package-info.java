/**
 * JSON files in a canonical form that contain their own digest, and checked access to their fields. May use
 * {@code fault} and {@code chunk}.
 */
package io.varve.store.json;
