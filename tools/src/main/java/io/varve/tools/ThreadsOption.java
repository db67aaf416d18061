package io.varve.tools;

import picocli.CommandLine.Option;

/** How many workers. */
final class ThreadsOption {
    private static final int MOST = 256;

    @Option(names = "--threads", paramLabel = "N", description = "Workers. Default: one per processor.")
    private Integer threads;

    int count() throws UsageException {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1 || count > MOST) {
            throw new UsageException("--threads is a number from 1 to " + MOST + ", not " + count);
        }
        return count;
    }
}
