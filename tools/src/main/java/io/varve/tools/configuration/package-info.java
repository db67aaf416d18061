/**
 * The configuration files: repositories that have a name, for {@code -r @NAME}. Reads them; opens no repository. May
 * use {@code output} and {@code yaml}, and the adapters and the store.
 */
package io.varve.tools.configuration;
