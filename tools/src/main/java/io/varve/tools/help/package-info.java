/**
 * What can be read in the program itself about things that more than one command has in common. Each topic is one page
 * of text. Exit codes come from {@code output}, so that the page is never out of date. May use {@code output}.
 */
package io.varve.tools.help;
