/** The output of commands: text, tables, progress, JSON, exit codes. Knows results, and not how they are obtained. */
package io.varve.tools.output;
