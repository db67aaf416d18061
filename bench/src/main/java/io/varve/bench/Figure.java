package io.varve.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * One line of a run.
 *
 * @param name class without "Benchmark", and method: {@code Chunk.id}
 * @param parameters in the order of their declaration
 * @param score in {@code unit}
 * @param error half the 99.9 % confidence interval; NaN where there are too few iterations
 * @param megabytesPerSecond bytes of one operation by the score; NaN where an operation has no size
 * @param megabytesPerCpuSecond likewise by the CPU time of all threads
 */
record Figure(
        String name,
        Map<String, String> parameters,
        double score,
        double error,
        String unit,
        double megabytesPerSecond,
        double megabytesPerCpuSecond) {
    /** Parameters that say how many bytes one operation handles. */
    private static final String[] SIZES = {"bytes", "runSize", "blockSize"};

    static Figure of(RunResult run) {
        BenchmarkParams benchmark = run.getParams();
        String[] path = benchmark.getBenchmark().split("\\.");
        String name = path[path.length - 2].replaceFirst("Benchmark$", "") + "." + path[path.length - 1];
        Map<String, String> parameters = new LinkedHashMap<>();
        double size = name.contains("Limit.") ? LimitBenchmark.BLOCK : Double.NaN;
        for (String key : benchmark.getParamsKeys()) {
            parameters.put(key, benchmark.getParam(key));
        }
        for (String key : SIZES) {
            if (Double.isNaN(size) && parameters.containsKey(key)) {
                size = Double.parseDouble(parameters.get(key));
            }
        }
        Result<?> result = run.getPrimaryResult();
        double perSecond = result.getScoreUnit().startsWith("ops/")
                ? result.getScore() * benchmark.getTimeUnit().convert(1, TimeUnit.SECONDS)
                : benchmark.getTimeUnit().convert(1, TimeUnit.SECONDS) / result.getScore();
        Result<?> cpu = run.getSecondaryResults().get(CpuTimeProfiler.LABEL);
        return new Figure(
                name,
                parameters,
                result.getScore(),
                result.getScoreError(),
                result.getScoreUnit(),
                size * perSecond / 1e6,
                cpu == null ? Double.NaN : size / cpu.getScore() / 1e6);
    }

    String parametersText() {
        StringBuilder text = new StringBuilder();
        parameters.forEach((key, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(key).append(' ').append(value));
        return text.toString();
    }
}
