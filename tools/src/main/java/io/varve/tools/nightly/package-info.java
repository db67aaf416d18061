/**
 * {@code varve nightly}: the job file, the plan of a night derived from it, and the night itself, which carries out the
 * plan and records the result. Planning is pure. May use {@code yaml}, {@code backup}, {@code report}, {@code option}
 * and {@code output}, and no command.
 */
package io.varve.tools.nightly;
