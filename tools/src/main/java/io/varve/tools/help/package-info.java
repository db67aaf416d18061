/** What can be read in the program itself about things that more than one command has in common. Uses the output. */
package io.varve.tools.help;
