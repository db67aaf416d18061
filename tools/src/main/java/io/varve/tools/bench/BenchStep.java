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
 * @param bytes of the disk, or of packs, that it handled
 * @param storedBytes that it wrote into the repository or to a target
 * @param seconds of wall time
 * @param cpuSeconds of all threads of the process
 * @param heapBytes most that was in use, garbage included
 */
record BenchStep(String name, long bytes, long storedBytes, double seconds, double cpuSeconds, long heapBytes) {
    /** What a step handled. */
    record Amount(long bytes, long storedBytes) {}

    /** Does the step. */
    @FunctionalInterface
    interface Work {
        Amount run() throws IOException;
    }

    static BenchStep measure(String name, Work work) throws IOException {
        System.gc(); // what the step before left is not this one's heap
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
