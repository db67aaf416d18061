/**
 * JSON files in a canonical form that contain their own digest. Also checked access to their fields: what is missing or
 * of another type is damage. May use {@code chunk} and {@code fault}.
 */
package io.varve.store.json;
