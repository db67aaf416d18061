/**
 * {@code varve doctor}: looks at this computer and at a repository before something goes wrong, and says of each
 * finding what to do. Tries things in scratch directories of its own and takes them away. Uses {@code report},
 * {@code backup}, {@code option} and {@code output}, and no other command.
 */
package io.varve.tools.doctor;
