package io.varve.tools.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * One measured step.
 *
 * @param name for the table; without blanks in JSON
 * @param bytes bytes of the disk, or of packs, that the step processed
 * @param storedBytes bytes that it wrote to the repository or to a target
 * @param seconds wall time in seconds
 * @param cpuSeconds CPU time of all threads of the process, in seconds
 * @param heapBytes largest use of the heap, garbage included
 */
record BenchStep(String name, long bytes, long storedBytes, double seconds, double cpuSeconds, long heapBytes) {
    /** The amount of data that a step processed. */
    record Amount(long bytes, long storedBytes) {}

    /** Does the step. */
    @FunctionalInterface
    interface Work {
        Amount run() throws IOException;
    }

    static BenchStep measure(String name, Work work) throws IOException {
        System.gc(); // garbage of the previous step must not count as heap of this one
        var pools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        pools.forEach(MemoryPoolMXBean::resetPeakUsage);
        long cpu = cpuNanos();
        long started = System.nanoTime();
        Amount amount = work.run();
        double seconds = (System.nanoTime() - started) / 1e9;
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        long heap =
                pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        return new BenchStep(name, amount.bytes, amount.storedBytes, seconds, cpuSeconds, heap);
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    double bytesPerSecond() {
        return bytes / seconds;
    }
}
