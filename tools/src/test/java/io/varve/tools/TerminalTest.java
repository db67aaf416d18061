package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
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
    private static final String CTRL_C = "\u0003";

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

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
                "-cp",
                System.getProperty("java.class.path"),
                "io.varve.tools.Varve"));
        Stream.of(arguments).map(Object::toString).forEach(words::add);
        String line =
                String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
        ProcessBuilder builder = new ProcessBuilder("script", "-qfec", line.replace("'exec'", "exec"), "/dev/null");
        builder.environment().put("TERM", "xterm");
        builder.environment().put("COLUMNS", "100");
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
                        .filter(name -> !name.equals("writer.lock") && !name.equals("index.lock"))
                        .forEach(left::add);
            }
        }
        return left;
    }

    private String stop(String keys, int expected, Object... arguments) throws Exception {
        Process process = onTerminal(arguments);
        String said = untilDrawn(process.getInputStream());
        assertTrue(said.contains("% ["), said);
        type(process, keys);
        said += new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
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

    @Test
    void restoreAndFsck() throws Exception {
        Cli.run("backup", "-r", repo, "--machine", "m", "disk=" + disk).expect(ExitCode.DONE);
        Path restored = temp.resolve("restored.raw");
        stop(CTRL_C, 130, "restore", "-r", repo, "latest", "--read-rate", "4M", "--to", restored);
        assertTrue(Files.notExists(restored));
        stop(CTRL_C, 130, "fsck", "-r", repo, "--read-data", "--read-rate", "4M");
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
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

    /** A line of progress is as wide as the terminal allows, and what else is written does not run into it. */
    @Test
    void theLineFitsAndIsErased() throws Exception {
        Process process = onTerminal("backup", "-r", repo, "--machine", "m", "--read-rate", "12M", "disk=" + disk);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        for (String drawn : said.split("\r|\n")) {
            assertTrue(drawn.replaceAll("\u001B\\[[0-9;]*[A-Za-z]", "").length() < 100, drawn);
        }
        String plain = said.replaceAll("[^\r\n]*\r\u001B\\[K", "");
        assertTrue(plain.lines().noneMatch(line -> line.contains("% [")), plain);
        assertTrue(plain.contains("snapshot "), plain);
    }
}
