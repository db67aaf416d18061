/**
 * The {@code varve} command line: the list of commands, the way from arguments to one of them, and the way from its
 * failure to an exit code. What commands do is in the packages below. It is the only entry point of the program. May
 * use {@code bench}, {@code command}, {@code completion}, {@code doctor}, {@code hyperv}, {@code manual},
 * {@code nightly}, {@code option}, {@code output} and {@code report}.
 */
package io.varve.tools;
