/**
 * {@code varve doctor}: checks this computer, a repository and a Hyper-V host before something goes wrong, and says for
 * each finding what to do. Tests run in temporary directories, which are removed. May use {@code report},
 * {@code backup}, {@code option} and {@code output}, and of other commands only the options of {@code hyperv} that name
 * a host.
 */
package io.varve.tools.doctor;
