/**
 * {@code varve doctor}: checks this computer, a repository and a Hyper-V host before something goes wrong, and says for
 * each finding what to do. Tests run in temporary directories, which are removed. Of other commands it knows only the
 * options of {@code hyperv} that name a host. May use {@code backup}, {@code configuration}, {@code document},
 * {@code hyperv}, {@code option}, {@code output} and {@code report}, and the adapters, the engine and the store.
 */
package io.varve.tools.doctor;
