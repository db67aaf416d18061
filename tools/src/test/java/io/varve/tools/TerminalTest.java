package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.store.Repository;
import io.varve.store.session.WriteSession;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Screen;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands on a real pseudo-terminal, with their progress drawn, that are told to stop: they end in good order. The
 * terminal is made by {@code script} of util-linux.
 */
@EnabledOnOs(OS.LINUX)
class TerminalTest {
    private static final Set<String> LOCKS = Set.of("writer.lock", "index.lock", "collection.lock");

    private static final String CTRL_C = "\u0003";

    private static final String SIGTERM = ""; // not typed

    /** Bytes of a disk in a repository of small packs: 48 of them, each of which takes its time. */
    private static final int NIGHT = 3 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private int slow; // milliseconds each operation on packs takes longer
    private Path disk;
    private boolean plain; // NO_COLOR is set
    private String errors = ""; // where the shell sends them
    private long cleaningNanos; // from the request to the end of the process

    @BeforeEach
    void repositoryAndDisk() throws IOException {
        boolean there =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(bin -> Files.isExecutable(Path.of(bin, "script")));
        assumeTrue(there, "script (bsdutils) is not installed");
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        byte[] content = new byte[24 << 20];
        new SplittableRandom(1).nextBytes(content);
        Files.write(disk, content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    private Process onTerminal(Object... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "exec",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Djava.nio.file.spi.DefaultFileSystemProvider=" + FaultyProvider.class.getName(),
                "-Dvarve.slow=" + slow,
                "-cp",
                System.getProperty("java.class.path"),
                "io.varve.tools.Varve"));
        Stream.of(arguments).map(Object::toString).forEach(words::add);
        String line =
                String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qfec", line.replace("'exec'", "exec") + errors, "/dev/null");
        builder.environment().put("TERM", "xterm");
        builder.environment().put("COLUMNS", "100");
        builder.environment().put("NO_COLOR", plain ? "1" : "");
        return builder.redirectErrorStream(true).start();
    }

    /** Reads until the progress bar is drawn, or all if it never is. */
    private static String untilDrawn(InputStream in) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf("% [") < 0) {
            int next = in.read();
            if (next < 0) {
                return said.toString();
            }
            said.append((char) next);
        }
        return said.toString();
    }

    private static void type(Process process, String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    private List<String> left() throws IOException {
        List<String> left = new ArrayList<>();
        for (Path place : List.of(repo.resolve("sessions"), repo.resolve("tmp"), temp)) {
            try (Stream<Path> files = Files.list(place)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> place != temp || name.contains("partial"))
                        .filter(name -> !LOCKS.contains(name))
                        .forEach(left::add);
            }
        }
        return left;
    }

    private String stop(String keys, int expected, Object... arguments) throws Exception {
        Process process = onTerminal(arguments);
        String said = untilDrawn(process.getInputStream());
        assertTrue(said.contains("% ["), said);
        long asked = System.nanoTime();
        if (keys.isEmpty()) {
            process.descendants().forEach(ProcessHandle::destroy); // SIGTERM
        } else {
            type(process, keys);
        }
        said += new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        cleaningNanos = System.nanoTime() - asked;
        assertEquals(expected, process.exitValue(), said);
        assertEquals(List.of(), left(), said);
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C + CTRL_C})
    void backup(String keys) throws Exception {
        String said = stop(keys, 130, "backup", "-r", repo, "--machine", "m", "--read-rate", "4M", "disk=" + disk);
        assertTrue(said.contains("stopped on request; nothing was committed"), said);
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C})
    void restoreAndFsck(String keys) throws Exception {
        Cli.run("backup", "-r", repo, "--machine", "m", "disk=" + disk).expect(ExitCode.DONE);
        Path restored = temp.resolve("restored.raw");
        stop(keys, 130, "restore", "-r", repo, "latest", "--read-rate", "4M", "--to", restored);
        assertTrue(Files.notExists(restored));
        stop(keys, 130, "fsck", "-r", repo, "--read-data", "--read-rate", "4M");
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    private void twoNights() throws IOException {
        repo = temp.resolve("small-packs");
        Cli.run("init", "-r", repo, "--pack-size", "64KiB").expect(ExitCode.DONE);
        byte[] content = new byte[NIGHT];
        for (int night = 1; night <= 2; night++) {
            new SplittableRandom(night).nextBytes(content);
            Files.write(disk, content);
            Cli.run("backup", "-r", repo, "--machine", "m", "disk=" + disk).expect(ExitCode.DONE);
        }
        slow = 8;
    }

    private void bothNightsRestore() throws IOException {
        byte[] content = new byte[NIGHT];
        Path restored = temp.resolve("restored.raw");
        for (int night = 1; night <= 2; night++) {
            new SplittableRandom(night).nextBytes(content);
            Cli.run("restore", "-r", repo, night == 1 ? "latest~1" : "latest", "--to", restored, "--force")
                    .expect(ExitCode.DONE);
            assertArrayEquals(content, Files.readAllBytes(restored), "night " + night);
        }
    }

    private static void saysOf(String said, String words) {
        assertTrue(said.replaceAll("\\s+", " ").contains("stopped on request; " + words), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C + CTRL_C})
    void collection(String keys) throws Exception {
        twoNights();
        Cli.run("forget", "-r", repo, "latest~1").expect(ExitCode.DONE);
        String said = stop(keys, 130, "gc", "-r", repo, "--max-delete", 100);
        saysOf(said, "no pack was condemned or deleted; run 'varve gc' again to continue");
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        String id;
        try (Stream<Path> records = Files.list(repo.resolve("forgotten"))) {
            id = records.findFirst().orElseThrow().getFileName().toString().replace(".json", "");
        }
        Cli.run("unforget", "-r", repo, id).expect(ExitCode.DONE);
        bothNightsRestore();
        Cli.run("gc", "-r", repo).expect(ExitCode.DONE);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C})
    void copyExportAndParity(String keys) throws Exception {
        twoNights();
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        String copied = stop(keys, 130, "copy", "-r", repo, "--to", other);
        int there = Cli.run("snapshots", "-r", other, "--json")
                .json()
                .path("snapshots")
                .size();
        saysOf(copied, there + " of 2 snapshots copied; the one in progress was not committed.");
        Cli.run("fsck", "-r", other).expect(ExitCode.DONE);
        Cli.run("copy", "-r", repo, "--to", other).expect(ExitCode.DONE);
        Path file = temp.resolve("x.varve");
        saysOf(stop(keys, 130, "export", "-r", repo, "latest", "--to", file), file + " was not written");
        assertTrue(Files.notExists(file));
        saysOf(
                stop(keys, 130, "parity", "-r", repo, "--percent", 10),
                "the parity written so far is kept; run the same command again to continue");
        saysOf(stop(CTRL_C, 130, "fsck", "-r", repo, "--deep"), "the packs read so far are recorded");
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        bothNightsRestore();
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C})
    void repair(String keys) throws Exception {
        twoNights();
        Path damaged;
        try (Stream<Path> packs = Files.walk(repo.resolve("packs"))) {
            damaged = packs.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(pack -> pack.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[20_000] ^= 1;
        Files.write(damaged, bytes);
        saysOf(stop(keys, 130, "repair", "-r", repo), "nothing was changed");
        saysOf(stop(keys, 130, "repair", "-r", repo, "--apply"), "no damaged pack was moved yet");
        Cli.run("repair", "-r", repo, "--apply").expect(ExitCode.WARNINGS);
        for (String night : List.of("1", "2")) { // what was lost comes back from the disk
            byte[] content = new byte[NIGHT];
            new SplittableRandom(Integer.parseInt(night)).nextBytes(content);
            Files.write(disk, content);
            Cli.run("backup", "-r", repo, "--machine", "m" + night, "disk=" + disk)
                    .expect(ExitCode.DONE);
        }
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C})
    void importing(String keys) throws Exception {
        twoNights();
        Path file = temp.resolve("x.varve");
        Cli.run("export", "-r", repo, "latest", "--to", file).expect(ExitCode.DONE);
        repo = temp.resolve("target");
        Cli.run("init", "-r", repo, "--pack-size", "64KiB").expect(ExitCode.DONE);
        Path scratch = Files.createDirectory(temp.resolve("scratch"));
        saysOf(stop(keys, 130, "import", "-r", repo, "--scratch", scratch, file), "nothing was committed");
        try (Stream<Path> left = Files.list(scratch)) {
            assertEquals(0, left.count());
        }
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        Cli.run("import", "-r", repo, file).expect(ExitCode.DONE);
    }

    /** The night's own record says how it ended, whoever stopped it. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {CTRL_C, CTRL_C + CTRL_C, SIGTERM})
    void nightly(String keys) throws Exception {
        Path job = Files.writeString(temp.resolve("job.yaml"), """
                repository: {path: %s}
                machines: [{name: m, disks: [%s]}]
                read-rate: 4MiB
                """.formatted(repo, disk));
        int expected = keys.isEmpty() ? 143 : 130;
        String said = stop(keys, expected, "nightly", job);
        saysOf(said, "0 of 1 machine was backed up");
        try (Repository open = Repository.open(repo)) {
            assertEquals(
                    List.of(130, 130),
                    open.jobs().since(Instant.EPOCH, 10).stream()
                            .map(record -> record.end().orElseThrow().exitCode())
                            .toList());
        }
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    /**
     * As the operating system stops a service, or the whole computer. Windows waits 5 s at most when a console is
     * closed, so no clean-up may take as long; under a load like that of a build everything takes four times as long.
     */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"backup", "restore"})
    void asAServiceIsStopped(String command) throws Exception {
        Path restored = temp.resolve("restored.raw");
        if (command.equals("restore")) {
            Cli.run("backup", "-r", repo, "--machine", "m", "disk=" + disk).expect(ExitCode.DONE);
            stop(SIGTERM, 143, "restore", "-r", repo, "latest", "--read-rate", "4M", "--to", restored);
            assertTrue(Files.notExists(restored));
        } else {
            stop(SIGTERM, 143, "backup", "-r", repo, "--machine", "m", "--read-rate", "4M", "disk=" + disk);
        }
        assertTrue(cleaningNanos < TimeUnit.SECONDS.toNanos(20), cleaningNanos + " ns");
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    /** Who waits for another process ends at once, however long it may wait. */
    @Test
    void whoWaitsForAnotherProcess() throws Exception {
        Repository open = Repository.open(repo);
        try (open;
                WriteSession other = WriteSession.open(open, "other", Duration.ZERO, notice -> {})) {
            Process waiting = onTerminal("rebuild-index", "-r", repo, "--wait", 600);
            InputStream in = waiting.getInputStream();
            StringBuilder said = new StringBuilder();
            for (int next = in.read(); next >= 0 && !said.toString().endsWith("waiting"); next = in.read()) {
                said.append((char) next);
            }
            type(waiting, CTRL_C);
            said.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(waiting.waitFor(20, TimeUnit.SECONDS), said.toString());
            assertEquals(130, waiting.exitValue(), said.toString());
            assertTrue(said.toString().contains("stopped on request while waiting for"), said.toString());
            other.newChunkWriter(4096); // which is still at work
        }
    }

    /** SIGHUP, as when a window is closed or a connection is lost. */
    @Test
    void aTerminalThatGoesAwayIsARequestToo() throws Exception {
        Process process = onTerminal("backup", "-r", repo, "--machine", "m", "--read-rate", "2M", "disk=" + disk);
        untilDrawn(process.getInputStream());
        assertTrue(left().size() >= 2, "a session, and what it stages");
        List<ProcessHandle> inside = process.descendants().toList();
        process.destroyForcibly();
        for (ProcessHandle handle : inside) {
            handle.onExit().get(60, TimeUnit.SECONDS);
        }
        assertEquals(List.of(), left());
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        assertEquals(
                0,
                Cli.run("snapshots", "-r", repo, "--json")
                        .json()
                        .path("snapshots")
                        .size());
    }

    /** Errors are red on a terminal alone, and not where nobody wants colours. */
    @Test
    void coloursAreForTerminals() throws Exception {
        String red = "\u001B[1;31mvarve:\u001B[0m ";
        String said = all(onTerminal("snapshots", "-r", temp.resolve("none")));
        assertTrue(said.contains(red), said);
        plain = true;
        said = all(onTerminal("snapshots", "-r", temp.resolve("none")));
        assertTrue(said.contains("varve: ") && !said.contains("\u001B["), said);
        plain = false;
        Path log = temp.resolve("log");
        errors = " 2>" + log;
        all(onTerminal("backup", "-r", repo, "--machine", "m", "disk=" + disk));
        assertEquals("", Files.readString(log)); // neither a bar nor a colour
        all(onTerminal("snapshots", "-r", temp.resolve("none")));
        assertTrue(Files.readString(log).startsWith("varve: "), Files.readString(log));
    }

    private static String all(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** A line of progress is as wide as the terminal allows, and what else is written does not run into it. */
    @Test
    void theLineFitsAndIsErased() throws Exception {
        Process process = onTerminal("backup", "-r", repo, "--machine", "m", "--read-rate", "12M", "disk=" + disk);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        for (String drawn : said.split("\r|\n")) {
            assertTrue(drawn.replaceAll("\u001B\\[[?0-9;]*[A-Za-z]", "").length() < 100, drawn);
        }
        List<String> shown = new Screen().showing(said);
        assertEquals(4, shown.size(), shown + " of " + said);
        assertTrue(shown.get(3).startsWith("snapshot "), shown + " of " + said);
        assertTrue(shown.stream().noneMatch(line -> line.contains("% [")), shown + " of " + said);
    }
}
