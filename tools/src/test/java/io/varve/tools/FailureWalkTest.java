package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever operation on the file system fails in a command: its exit code and its words are true, its message names
 * file and step, the repository is as sound as before, and every snapshot restores equal. A sample of the operations;
 * all of them, which takes an hour, with {@code -Dvarve.failures=all}, or so many of each command and kind.
 */
@EnabledOnOs(OS.LINUX)
class FailureWalkTest {
    private static final Pattern DONE = Pattern.compile("runs (\\d+), with faults (\\d+), of unknown outcome (\\d+)");

    @TempDir
    Path temp;

    @Tag("long")
    @Test
    void whatIsSaidOfAFailureIsTrue() throws IOException, InterruptedException {
        Matcher done = walk(System.getProperty("varve.failures", "1"));
        assertTrue(Integer.parseInt(done.group(2)) > 120, done.group());
    }

    /** When the directory of manifests cannot be synced: exit code 9, the word in JSON, and the command that tells. */
    @Tag("long")
    @Test
    void aCommitThatMayHaveHappenedIsUnknown() throws IOException, InterruptedException {
        Matcher done = walk("on:sync repo/snapshots", "backup-json", "forget-two", "unforget");
        assertTrue(Integer.parseInt(done.group(3)) >= 6, done.group());
    }

    private Matcher walk(String sample, String... commands) throws IOException, InterruptedException {
        // The same sample each time: a finding of another one must not stop whoever changes something else.
        long seed = Long.getLong("varve.seed", 11);
        ProcessBuilder walk = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Djava.nio.file.spi.DefaultFileSystemProvider=" + FaultyProvider.class.getName(),
                "-cp",
                System.getProperty("java.class.path"),
                FailureWalk.class.getName(),
                Files.createDirectory(temp.resolve("walk")).toString(),
                sample,
                Long.toString(seed));
        walk.command().addAll(List.of(commands));
        walk.environment().put("VARVE_CACHE", temp.resolve("cache").toString());
        Process process = walk.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> "seed " + seed + "\n" + said);
        List<String> wrong =
                said.lines().filter(line -> line.startsWith("WRONG")).toList();
        assertEquals(List.of(), wrong, () -> "seed " + seed + "\n" + said);
        Matcher done = DONE.matcher(said);
        assertTrue(done.find(), said);
        return done;
    }
}
