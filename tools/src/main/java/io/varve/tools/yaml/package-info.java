/**
 * Files in YAML whose shape is declared once, in Java: the reader checks a file against the shape and names each
 * mistake with its line, and the JSON Schema for editors is written from the same shape. Knows nothing of jobs or
 * repositories. May use {@code output}, and the adapters and the store.
 */
package io.varve.tools.yaml;
