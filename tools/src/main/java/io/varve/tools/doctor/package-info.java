/**
 * {@code varve doctor}: checks this computer and a repository before something goes wrong, and says for each finding
 * what to do. Tests run in temporary directories, which are removed. May use {@code report}, {@code backup},
 * {@code option} and {@code output}, and no other command.
 */
package io.varve.tools.doctor;
