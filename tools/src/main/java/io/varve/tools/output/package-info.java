/** How commands speak: text, tables, progress, JSON, exit codes. Knows results, and nothing of how they come about. */
package io.varve.tools.output;
