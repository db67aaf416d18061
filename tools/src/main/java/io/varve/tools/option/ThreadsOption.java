package io.varve.tools.option;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.varve.tools.output.UsageException;
import java.lang.management.ManagementFactory;
import picocli.CommandLine.Option;

/** The number of workers: one per processor, if the JVM's direct memory is sufficient. */
public final class ThreadsOption {
    private static final int MOST = 256;

    /**
     * Direct memory per worker in MiB: what a backup with encrypted blocks of 4 MiB takes, and a restore in place with
     * eight or more workers. With fewer workers all together take at most 192 MiB, less than the JVM's default limit.
     */
    private static final int PER_WORKER = 24;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of worker threads. Default: one per processor, if memory allows.")
    private String given;

    public int count() throws UsageException {
        return count(given);
    }

    /** @param given by a job file, or null for the default */
    public static int count(Integer given) throws UsageException {
        return count(given == null ? null : given.toString());
    }

    private static int count(String given) throws UsageException {
        int wanted = given == null ? Runtime.getRuntime().availableProcessors() : number(given);
        if (wanted <= 2) {
            return wanted; // memory is not considered, and measuring it takes time
        }
        long memory = directMemory() >> 20;
        int possible = (int) Math.max(2, Math.min(wanted, memory / PER_WORKER));
        if (given != null && possible < wanted) {
            throw new UsageException("--threads " + wanted + " may take " + (long) wanted * PER_WORKER
                    + " MiB of direct memory, and the JVM has " + memory + ": give fewer, or more memory with"
                    + " VARVE_JAVA_OPTS=-XX:MaxDirectMemorySize=" + (long) wanted * PER_WORKER + "m");
        }
        return possible;
    }

    private static int number(String text) throws UsageException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MOST) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new UsageException("--threads is a number from 1 to " + MOST + ", not '" + text + "'");
    }

    private static long directMemory() {
        String limit = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue();
        long bytes = Long.parseLong(limit);
        return bytes == 0
                ? Runtime.getRuntime().maxMemory()
                : bytes; // 0 means that no limit was given; then it is the heap's
    }
}
