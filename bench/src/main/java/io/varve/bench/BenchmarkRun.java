package io.varve.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs groups of benchmarks by name: the program behind {@code bench/run}, whose head says how to call it. */
public final class BenchmarkRun {
    private static final Map<String, List<Class<?>>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put(
                "readers",
                List.of(
                        ReaderBenchmark.class,
                        ColdReaderBenchmark.class,
                        FormatBenchmark.class,
                        SparseBenchmark.class,
                        ChainBenchmark.class,
                        VhdxMapBenchmark.class));
        GROUPS.put(
                "components",
                List.of(
                        ChunkBenchmark.class,
                        HashBenchmark.class,
                        CodecBenchmark.class,
                        AeadBenchmark.class,
                        SealBenchmark.class,
                        ParityBenchmark.class));
        GROUPS.put("index", List.of(IndexBenchmark.class, IndexFilterBenchmark.class));
        GROUPS.put("packs", List.of(PackBenchmark.class));
        GROUPS.put("maps", List.of(MapBenchmark.class));
        GROUPS.put(
                "pipeline",
                List.of(
                        LimitBenchmark.class,
                        FileLimitBenchmark.class,
                        PipelineBenchmark.class,
                        RestoreBenchmark.class));
    }

    private final ChainedOptionsBuilder options = new OptionsBuilder().shouldFailOnError(true);
    private final List<String> names = new ArrayList<>();
    private Path out = Path.of("bench-results");
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));

    private BenchmarkRun() {}

    public static void main(String[] arguments) throws IOException, RunnerException {
        BenchmarkRun run = new BenchmarkRun();
        if (!run.parse(List.of(arguments))) {
            System.err.println(
                    "usage: bench/run NAME… [--quick] [--out DIR] [--scratch DIR] [-p PARAMETER=VALUE[,…]]…");
            System.err.println(
                    "NAME: " + String.join(", ", GROUPS.keySet()) + ", all, or a part of a benchmark's name");
            System.exit(2);
        }
        run.run();
    }

    private boolean parse(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean takesValue = List.of("--out", "--scratch", "-p").contains(argument);
            if (takesValue && ++i == arguments.size()) {
                return false;
            }
            switch (argument) {
                case "--quick" -> quick();
                case "--out" -> out = Path.of(arguments.get(i));
                case "--scratch" -> scratch = Path.of(arguments.get(i));
                case "-p" -> {
                    String[] parameter = arguments.get(i).split("=", 2);
                    if (parameter.length != 2) {
                        return false;
                    }
                    options.param(parameter[0], parameter[1].split(","));
                }
                default -> {
                    if (argument.startsWith("-")) {
                        return false;
                    }
                    names.add(argument);
                }
            }
        }
        return !names.isEmpty();
    }

    /** To see that everything runs and what the order of magnitude is; the errors are large. */
    private void quick() {
        options.warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(300));
    }

    private void run() throws IOException, RunnerException {
        Files.createDirectories(out);
        for (String name : names) {
            if (name.equals("all")) {
                GROUPS.values().forEach(this::include);
            } else if (GROUPS.containsKey(name)) {
                include(GROUPS.get(name));
            } else {
                options.include(name);
            }
        }
        Path json = out.resolve("results.json");
        // Before what the benchmarks say of themselves, not instead of it: their own arguments are appended.
        options.jvmArgsPrepend("-D" + Scratch.PROPERTY + "=" + scratchOfRun())
                .addProfiler(CpuTimeProfiler.class)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString());
        Collection<RunResult> results = new Runner(options.build()).run();
        List<Figure> figures = results.stream().map(Figure::of).toList();
        Path plot = out.resolve("results.svg");
        Files.writeString(plot, ResultPlot.svg(figures));
        System.out.println();
        System.out.print(ResultTable.markdown(figures));
        System.out.print(PipelineLimit.text(figures));
        System.out.printf("%n%s%n%s%n", json, plot);
    }

    /** A folder that goes when this process does, with what a benchmark that was stopped left in it. */
    private Path scratchOfRun() throws IOException {
        Path folder = Files.createTempDirectory(scratch.toAbsolutePath(), "varve-bench-run");
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                Scratch.delete(folder);
                            } catch (IOException e) {
                                System.err.println("left behind: " + folder + ": " + e.getMessage());
                            }
                        },
                        "varve-bench-clean"));
        return folder;
    }

    private void include(List<Class<?>> benchmarks) {
        for (Class<?> benchmark : benchmarks) {
            options.include("^" + benchmark.getName().replace(".", "\\.") + "\\.");
        }
    }
}
