/**
 * {@code varve doctor}: checks this computer, a repository and a Hyper-V host before something goes wrong, and says for
 * each finding what to do. Tests run in temporary directories, which are removed. May use {@code backup},
 * {@code configuration}, {@code document}, {@code option}, {@code output}, {@code report} and {@code source}, and the
 * adapters, the engine and the store.
 */
package io.varve.tools.doctor;
