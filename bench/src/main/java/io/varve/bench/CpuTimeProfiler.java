package io.varve.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time of the whole process per operation, all threads, in seconds: on a machine with company it says more than the
 * wall does. It contains the setup and tear-down of an iteration, the compiler and the collector. Public for JMH, which
 * makes it.
 */
public final class CpuTimeProfiler implements InternalProfiler {
    /** Name of the result. */
    static final String LABEL = "cpu";

    private long started;

    @Override
    public String getDescription() {
        return "CPU time of the process per operation";
    }

    private static long now() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        started = now();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long operations = result.getMetadata().getAllOps();
        double seconds = (now() - started) / 1e9 / Math.max(1, operations);
        return List.of(new ScalarResult(LABEL, seconds, "s/op", AggregationPolicy.AVG));
    }
}
