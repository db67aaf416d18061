package io.varve.adapters.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every decoder under Jazzer, briefly: two of the targets by turns, a day each, and all of them in the longer tests.
 * Each has {@code -Dvarve.fuzz.seconds} (default 4, 0 for none) in a process of its own with 256 MiB of heap, 10
 * seconds per input and always the same seed. An input that fails is saved under {@code target/fuzz} and named. Inputs
 * that once failed lie in {@code src/test/resources/fuzz} and are tried first, without Jazzer.
 * {@code tools/acceptance/fuzz} runs for longer.
 */
class FuzzTest {
    private static final List<String> TARGETS = List.of(
            "vhdx.VhdxFuzz",
            "vhdx.VhdxLogFuzz",
            "vhdx.VhdxStructureFuzz",
            "vhdx.ParentLocatorFuzz",
            "vhdx.VhdSetFuzz",
            "vhd.VhdFuzz",
            "chain.WindowsPathFuzz",
            "file.ChangeListFuzz",
            "smb.SmbReplyFuzz",
            "rsvd.RsvdReplyFuzz");

    private static final String PACKAGE = "io.varve.adapters.";
    private static final int SECONDS = Integer.getInteger("varve.fuzz.seconds", 4);
    private static final String WANTED = System.getProperty("varve.fuzz.target", "");

    /** Read-only seeds and inputs that failed once, by simple name of the target. */
    private static final Path SAVED = Path.of("src", "test", "resources", "fuzz");

    private static String simpleName(String target) {
        return target.substring(target.indexOf('.') + 1);
    }

    private static void feed(String target, byte[] input) throws Exception {
        try {
            Class.forName(PACKAGE + target)
                    .getMethod("fuzzerTestOneInput", byte[].class)
                    .invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            throw new AssertionError(target + " fails", e.getCause());
        }
    }

    private static List<Path> saved(String target) throws IOException {
        Path folder = SAVED.resolve(simpleName(target));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> savedInputs() {
        return TARGETS.stream()
                .map(target -> DynamicTest.dynamicTest(target, () -> {
                    for (Path input : saved(target)) {
                        byte[] bytes = Files.readAllBytes(input);
                        Assertions.assertTimeout(Duration.ofSeconds(10), () -> feed(target, bytes), input.toString());
                    }
                }));
    }

    /** Works where Jazzer does not, and shows that the targets do something. */
    @TestFactory
    Stream<DynamicTest> randomInputs() {
        return TARGETS.stream()
                .map(target -> DynamicTest.dynamicTest(target, () -> {
                    SplittableRandom random = new SplittableRandom(1);
                    for (int round = 0; round < 300; round++) {
                        byte[] input = new byte[random.nextInt(60)];
                        random.nextBytes(input);
                        feed(target, input);
                    }
                }));
    }

    /** Most of the time of one target is the start of its process. */
    @Test
    void jazzerFindsNothingInTodaysTargets() throws IOException, InterruptedException {
        int today = (int) (LocalDate.now(ZoneOffset.UTC).toEpochDay() % (TARGETS.size() / 2));
        jazzerFindsNothing(TARGETS.subList(2 * today, 2 * today + 2));
    }

    @Test
    @Tag("long")
    void jazzerFindsNothing() throws IOException, InterruptedException {
        List<String> selected =
                TARGETS.stream().filter(target -> target.endsWith(WANTED)).toList();
        assertFalse(selected.isEmpty(), "no target " + WANTED);
        jazzerFindsNothing(selected);
    }

    private static void jazzerFindsNothing(List<String> targets) throws IOException, InterruptedException {
        Assumptions.assumeTrue(SECONDS > 0, "switched off: -Dvarve.fuzz.seconds=0");
        Assumptions.assumeTrue(hasJazzer(), "Jazzer has no native library for this system");
        List<String> failed = new ArrayList<>();
        for (String target : targets) {
            Path folder = Path.of("target", "fuzz", simpleName(target)).toAbsolutePath();
            Files.createDirectories(folder.resolve("corpus"));
            Path log = folder.resolve("log.txt");
            int code = run(target, folder, log);
            String last = lastWords(log);
            System.out.println(target + ": " + last);
            if (code != 0) {
                failed.add(target + " (exit code " + code + "): " + inputs(folder) + ", see " + log + ": " + last);
            }
        }
        assertEquals(List.of(), failed, "move the inputs into " + SAVED + ", where they stay");
    }

    private static boolean hasJazzer() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        boolean isX64 = processor.equals("amd64") || processor.equals("x86_64");
        return isX64 && (system.startsWith("linux") || system.startsWith("windows")) || system.startsWith("mac");
    }

    private static int run(String target, Path folder, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:-OmitStackTraceInFastThrow",
                // In so short a time the second compiler costs more than it gains.
                "-XX:TieredStopAtLevel=" + (SECONDS < 60 ? 1 : 4),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + PACKAGE + target,
                "--instrumentation_includes=io.varve.adapters.**",
                "--instrumentation_excludes=io.varve.adapters.vhdx.Naive*:io.varve.adapters.contract.**",
                "-len_control=0",
                "--reproducer_path=" + folder,
                "-max_total_time=" + SECONDS,
                "-timeout=10",
                // The heap is what counts, and that is limited. Where the kernel gives huge pages, the process has
                // more.
                "-rss_limit_mb=4096",
                "-seed=1",
                "-max_len=4096",
                "-artifact_prefix=" + folder.resolve("failed-"),
                folder.resolve("corpus").toString()));
        Path seeds = SAVED.resolve(simpleName(target)).toAbsolutePath();
        if (Files.isDirectory(seeds)) {
            command.add(seeds.toString());
        }
        Process jazzer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = jazzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS);
        jazzer.destroyForcibly();
        assertTrue(ended, target + " did not end; see " + log);
        return jazzer.exitValue();
    }

    private static List<Path> inputs(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("failed-"))
                    .toList();
        }
    }

    /** What was thrown, else how many inputs were tried. */
    private static String lastWords(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
            return lines.stream()
                    .filter(line -> line.contains("Exception: ")
                            || line.contains("Java Assertion Error")
                            || line.startsWith("ERROR"))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "no output" : lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
