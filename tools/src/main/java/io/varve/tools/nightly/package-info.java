/**
 * {@code varve nightly}: a job file, the plan of a night made of it, and the night itself. Plans are pure; what runs
 * does what the plan says, and keeps what came of it. Uses {@code yaml}, {@code backup}, {@code report}, {@code option}
 * and {@code output}, and no command.
 */
package io.varve.tools.nightly;
