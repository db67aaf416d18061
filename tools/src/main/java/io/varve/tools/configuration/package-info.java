/**
 * The configuration files: repositories that have a name, for {@code -r @NAME}. Reads them; opens no repository. Uses
 * the YAML reader.
 */
package io.varve.tools.configuration;
